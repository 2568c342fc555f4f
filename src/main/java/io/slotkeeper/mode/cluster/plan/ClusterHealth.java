package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Health.Shard;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.stream.IntStream;

/** The health of a cluster, as its servers tell it. */
final class ClusterHealth {

  private ClusterHealth() {}

  static Health of(ClusterModel cluster) {
    SlotSet served =
        cluster.peers().stream()
            .filter(Peer::isMaster)
            .map(peer -> cluster.ownership().of(peer.id()))
            .reduce(SlotSet.NONE, SlotSet::plus);
    long wanted = cluster.topology().nodeTimeoutMillis();
    boolean settled =
        cluster.peers().stream()
            .map(peer -> peer.snapshot().nodeTimeoutMillis())
            .noneMatch(millis -> millis != wanted && TemporaryNodeTimeout.isTemporary(millis));
    return new Health(
        served,
        TableAgreement.holdsAmongServing(cluster),
        settled,
        IntStream.range(0, cluster.shards()).mapToObj(index -> shard(cluster, index)).toList());
  }

  private static Shard shard(ClusterModel cluster, int index) {
    List<Peer> peers = cluster.shard(index);
    Peer master = cluster.masterOf(index).orElse(null);
    if (master == null) {
      RememberedShard known = ReplicationHistory.ofShardWithoutMaster(cluster, index);
      return new Shard(index, SlotSet.NONE, null, List.of(), names(peers), 0, known);
    }
    List<Peer> others = peers.stream().filter(peer -> !peer.isSameNode(master)).toList();
    List<Peer> inSync = others.stream().filter(peer -> peer.inSyncWith(master.id())).toList();
    List<Peer> behind = others.stream().filter(peer -> !inSync.contains(peer)).toList();
    return new Shard(
        index,
        cluster.ownership().of(master.id()),
        master.pod().name(),
        names(inSync),
        names(behind),
        master.snapshot().keys(),
        ReplicationHistory.of(cluster, index, master, inSync));
  }

  private static List<String> names(List<Peer> peers) {
    return peers.stream().map(peer -> peer.pod().name()).toList();
  }
}
