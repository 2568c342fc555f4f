package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which nodes become replicas of their shard's master. */
final class Attachments {

  private Attachments() {}

  static List<Action> plan(Situation situation) {
    List<Action> actions = new ArrayList<>();
    for (int shard = 0; shard < situation.shards(); shard++) {
      Optional<Peer> master = situation.masterOf(shard).filter(Peer::isMaster);
      if (master.isEmpty()) {
        continue;
      }
      for (Peer peer : situation.shard(shard)) {
        if (!peer.is(master.get()) && mayFollow(situation, peer, master.get())) {
          actions.add(
              new Action.Replicate(peer.target(), master.get().id(), master.get().pod().name()));
        }
      }
    }
    return actions;
  }

  private static boolean mayFollow(Situation situation, Peer peer, Peer master) {
    ClusterNode seen = peer.viewOf(master.id());
    return seen != null
        && seen.isMaster()
        && !peer.pod().terminating()
        && !situation.ownership().owns(peer.id())
        && (!master.id().equals(peer.self().master()) || followsFormerAddress(peer, master))
        && (peer.isMaster() ? peer.snapshot().keys() == 0 : isSpare(situation, peer));
  }

  /**
   * A replica of Redis that learns its master's new address from a third server goes on following
   * the former one, for ever: all it waits for is a change of the address, and that has been. To
   * make it a replica once more sets it right.
   *
   * @see <a href="https://github.com/valkey-io/valkey/pull/965">Valkey has mended this</a>
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
  private static boolean isSpare(Situation situation, Peer replica) {
    NodeId master = replica.self().master();
    return master == null || situation.roster().has(master) || !situation.ownership().owns(master);
  }
}
