package io.slotkeeper.plan;

import io.slotkeeper.observe.ShardMemory;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a replica has a copy of its shard's data. Replication follows an address: where another
 * server has got it, or the master came back without its data, the replica copied that, and says
 * nothing of it once the link is down. What it does say is the replication id of what it copied,
 * and a master has one of its own for each of its lives (server.c:changeReplicationId).
 */
final class Lineage {
  /** Each restart and each failover gives a new id; a replica is never that far behind. */
  private static final int KEPT = 5;

  private Lineage() {}

  /** What is to be remembered of a shard's data, now that its master is seen. */
  static ShardMemory of(Situation situation, int shard, Peer master, List<Peer> inSync) {
    SlotSet slots = situation.ownership().of(master.id());
    return new ShardMemory(
        slots.isEmpty()
            ? null
            : new ShardMemory.Owner(master.id(), master.self().configEpoch(), slots),
        ids(situation, shard, master, inSync),
        copies(
            situation,
            Stream.concat(
                situation.view().memory().shard(shard).copies().stream(),
                Stream.concat(Stream.of(master), inSync.stream()).map(peer -> peer.pod().name()))),
        master.snapshot().keys() > 0);
  }

  /** The last owner is remembered for as long as no other has a stronger claim to its slots. */
  static ShardMemory ofShardWithoutMaster(Situation situation, int shard) {
    ShardMemory known = situation.view().memory().shard(shard);
    ShardMemory.Owner owner = known.owner();
    SlotSet slots = owner == null ? SlotSet.NONE : situation.ownership().of(owner.id());
    return new ShardMemory(
        owner == null || slots.isEmpty()
            ? null
            : new ShardMemory.Owner(owner.id(), owner.epoch(), slots),
        known.replicationIds(),
        copies(situation, known.copies().stream()),
        known.heldKeys());
  }

  /** A replica that was scaled away, and comes back with its volume, has an old copy. */
  private static Set<String> copies(Situation situation, Stream<String> pods) {
    List<String> wanted = situation.topology().pods();
    return pods.filter(wanted::contains).collect(Collectors.toSet());
  }

  /** The ids that a shard's data has, or had and a replica may still have, the present one last. */
  private static List<String> ids(Situation situation, int shard, Peer master, List<Peer> inSync) {
    List<String> known = situation.view().memory().shard(shard).replicationIds();
    if (!master.isMaster()) {
      return known;
    }
    String present = master.snapshot().replication().replicationId();
    if (inSync.size() >= situation.topology().replicas()) {
      return List.of(present);
    }
    List<String> ids = new ArrayList<>(known);
    ids.remove(present);
    ids.add(present);
    return List.copyOf(ids.subList(Math.max(0, ids.size() - KEPT), ids.size()));
  }

  /**
   * False where it has copied something else than a shard's data, which the master owned: since it
   * started, or before, as far as its keys tell; and where its copy is from before it left the
   * shard and came back, unless the user is content with that.
   */
  static boolean isCopy(Situation situation, Peer replica, int shard, NodeId master) {
    NodeSnapshot.Replication link = replica.snapshot().replication();
    if (!link.wasLinked()) {
      return fits(situation, replica, master)
          && (!isOld(situation, replica, shard)
              || situation.view().accepted().masters().contains(master));
    }
    List<String> ids = situation.view().memory().shard(shard).replicationIds();
    return ids.isEmpty() ? !followsAnother(situation, replica) : ids.contains(link.replicationId());
  }

  /**
   * Whether all that keeps it from being a copy is that it may be from before it left the shard.
   */
  static boolean isOlderCopy(Situation situation, Peer replica, int shard, NodeId master) {
    return !replica.snapshot().replication().wasLinked()
        && fits(situation, replica, master)
        && isOld(situation, replica, shard);
  }

  private static boolean isOld(Situation situation, Peer replica, int shard) {
    return !situation.view().memory().shard(shard).isCopy(replica.pod().name());
  }

  /** As far as its keys tell, it has data of the slots of this master, and of no other. */
  private static boolean fits(Situation situation, Peer replica, NodeId master) {
    Integer slot = replica.snapshot().sampleSlot();
    return slot == null || situation.ownership().of(master).contains(slot);
  }

  static boolean isKnown(Situation situation, int shard) {
    return !situation.view().memory().shard(shard).replicationIds().isEmpty();
  }

  /** Offsets compare within one id only; 0 is the present one, what is not known the oldest. */
  static int age(Situation situation, Peer replica, int shard) {
    List<String> ids = situation.view().memory().shard(shard).replicationIds();
    int index = ids.indexOf(replica.snapshot().replication().replicationId());
    return index < 0 ? ids.size() : ids.size() - 1 - index;
  }

  /** As far as it can be seen: of one that is gone by now nothing can. */
  private static boolean followsAnother(Situation situation, Peer replica) {
    NodeSnapshot.Replication link = replica.snapshot().replication();
    return situation.peers().stream()
        .filter(peer -> !peer.is(replica))
        .anyMatch(peer ->
            Objects.equals(link.masterHost(), peer.pod().ip())
                || (peer.isMaster()
                    && link.replicationId().equals(peer.snapshot().replication().replicationId())));
  }
}
