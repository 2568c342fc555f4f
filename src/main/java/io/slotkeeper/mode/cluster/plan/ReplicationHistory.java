package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a replica has a copy of its shard's data. Replication follows an address: where another
 * server got the address, or the master came back without its data, the replica copied that and
 * shows no trace of it once the link is down. It does show the replication id of what it copied,
 * and a master has a new one in each of its lives (server.c:changeReplicationId).
 */
final class ReplicationHistory {
  /** Each restart and each failover creates a new id; a replica is never this far behind. */
  private static final int KEPT = 5;

  private ReplicationHistory() {}

  /** What is to be remembered of a shard's data while its master answers. */
  static RememberedShard of(ClusterModel cluster, int shard, Peer master, List<Peer> inSync) {
    SlotSet slots = cluster.ownership().of(master.id());
    return new RememberedShard(
        slots.isEmpty()
            ? null
            : new RememberedShard.Owner(master.id(), master.self().configEpoch(), slots),
        ids(cluster, shard, master, inSync),
        copies(
            cluster,
            Stream.concat(
                cluster.view().remembered().shard(shard).copies().stream(),
                Stream.concat(Stream.of(master), inSync.stream()).map(peer -> peer.pod().name()))),
        master.snapshot().keys() > 0);
  }

  /** The last owner is remembered for as long as no other has a stronger claim to its slots. */
  static RememberedShard ofShardWithoutMaster(ClusterModel cluster, int shard) {
    RememberedShard known = cluster.view().remembered().shard(shard);
    RememberedShard.Owner owner = known.owner();
    SlotSet slots = owner == null ? SlotSet.NONE : cluster.ownership().of(owner.id());
    return new RememberedShard(
        owner == null || slots.isEmpty()
            ? null
            : new RememberedShard.Owner(owner.id(), owner.epoch(), slots),
        known.replicationIds(),
        copies(cluster, known.copies().stream()),
        known.heldKeys());
  }

  /** A replica that was scaled away and comes back with its volume has an old copy. */
  private static Set<String> copies(ClusterModel cluster, Stream<String> pods) {
    List<String> wanted = cluster.topology().pods();
    return pods.filter(wanted::contains).collect(Collectors.toSet());
  }

  /** The ids that a shard's data has, or had and a replica may still have; the present one last. */
  private static List<String> ids(ClusterModel cluster, int shard, Peer master, List<Peer> inSync) {
    List<String> known = cluster.view().remembered().shard(shard).replicationIds();
    if (!master.isMaster()) {
      return known;
    }
    String present = master.snapshot().replication().replicationId();
    if (inSync.size() >= cluster.topology().replicas()) {
      return List.of(present);
    }
    List<String> ids = new ArrayList<>(known);
    ids.remove(present);
    ids.add(present);
    return List.copyOf(ids.subList(Math.max(0, ids.size() - KEPT), ids.size()));
  }

  /**
   * False where the replica has copied something other than the data of the shard that the master
   * owned: since it started, or before, as far as its keys show. Also false where its copy is from
   * before it left the shard and came back, unless the user accepts that.
   */
  static boolean isCopy(ClusterModel cluster, Peer replica, int shard, NodeId master) {
    NodeSnapshot.Replication link = replica.snapshot().replication();
    if (!link.wasLinked()) {
      return fits(cluster, replica, master)
          && (!isOld(cluster, replica, shard)
              || cluster.view().acceptedLosses().masters().contains(master));
    }
    List<String> ids = cluster.view().remembered().shard(shard).replicationIds();
    return ids.isEmpty() ? !followsAnother(cluster, replica) : ids.contains(link.replicationId());
  }

  /** Whether all that speaks against the copy is that it may be from before it left the shard. */
  static boolean isOlderCopy(ClusterModel cluster, Peer replica, int shard, NodeId master) {
    return !replica.snapshot().replication().wasLinked()
        && fits(cluster, replica, master)
        && isOld(cluster, replica, shard);
  }

  private static boolean isOld(ClusterModel cluster, Peer replica, int shard) {
    return !cluster.view().remembered().shard(shard).isCopy(replica.pod().name());
  }

  /** As far as its keys show, it has data of the slots of this master, and of no other. */
  private static boolean fits(ClusterModel cluster, Peer replica, NodeId master) {
    Integer slot = replica.snapshot().sampleSlot();
    return slot == null || cluster.ownership().of(master).contains(slot);
  }

  static boolean isKnown(ClusterModel cluster, int shard) {
    return !cluster.view().remembered().shard(shard).replicationIds().isEmpty();
  }

  /** Offsets compare within one id only; 0 is the present id, and an unknown one is the oldest. */
  static int age(ClusterModel cluster, Peer replica, int shard) {
    List<String> ids = cluster.view().remembered().shard(shard).replicationIds();
    int index = ids.indexOf(replica.snapshot().replication().replicationId());
    return index < 0 ? ids.size() : ids.size() - 1 - index;
  }

  /** As far as it can be seen: nothing can be seen of a server that is gone by now. */
  private static boolean followsAnother(ClusterModel cluster, Peer replica) {
    NodeSnapshot.Replication link = replica.snapshot().replication();
    return cluster.peers().stream()
        .filter(peer -> !peer.isSameNode(replica))
        .anyMatch(peer ->
            Objects.equals(link.masterHost(), peer.pod().ip())
                || (peer.isMaster()
                    && link.replicationId().equals(peer.snapshot().replication().replicationId())));
  }
}
