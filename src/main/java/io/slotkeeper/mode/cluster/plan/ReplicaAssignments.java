package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which nodes become replicas of their shard's master. */
final class ReplicaAssignments {

  private ReplicaAssignments() {}

  static List<Action> plan(ClusterModel cluster) {
    List<Action> actions = new ArrayList<>();
    for (int shard = 0; shard < cluster.shards(); shard++) {
      Optional<Peer> master = cluster.masterOf(shard).filter(Peer::isMaster);
      if (master.isEmpty()) {
        continue;
      }
      for (Peer peer : cluster.shard(shard)) {
        if (!peer.isSameNode(master.get()) && mayFollow(cluster, peer, master.get())) {
          actions.add(
              new Action.Replicate(peer.target(), master.get().id(), master.get().pod().name()));
        }
      }
    }
    return actions;
  }

  private static boolean mayFollow(ClusterModel cluster, Peer peer, Peer master) {
    ClusterNode seen = peer.viewOf(master.id());
    return seen != null
        && seen.isMaster()
        && !peer.pod().terminating()
        && !cluster.ownership().owns(peer.id())
        && (!master.id().equals(peer.self().master()) || followsFormerAddress(peer, master))
        && (peer.isMaster() ? peer.snapshot().keys() == 0 : isSpare(cluster, peer));
  }

  /**
   * A replica of Redis that learns its master's new address from a third server keeps following the
   * former one forever: it reconnects only on an address change, which it has already seen.
   * Repeating CLUSTER REPLICATE fixes it.
   *
   * @see <a href="https://github.com/valkey-io/valkey/pull/965">Valkey has fixed this</a>
   */
  private static boolean followsFormerAddress(Peer replica, Peer master) {
    NodeSnapshot.Replication replication = replica.snapshot().replication();
    ClusterNode seen = replica.viewOf(master.id());
    return !replication.linkUp()
        && replication.masterHost() != null
        && !replication.masterHost().equals(master.pod().ip())
        && seen != null
        && seen.address() != null
        && seen.address().ip().equals(master.pod().ip());
  }

  /** What a replica holds is a copy of a living master's data, or of nothing. */
  private static boolean isSpare(ClusterModel cluster, Peer replica) {
    NodeId master = replica.self().master();
    return master == null || cluster.membership().has(master) || !cluster.ownership().owns(master);
  }
}
