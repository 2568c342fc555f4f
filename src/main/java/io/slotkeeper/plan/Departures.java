package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.List;

/**
 * Which ids are forgotten: those that no pod has any more and that own nothing. Only when every pod
 * has said who it is, for a node that does not answer is not gone.
 */
final class Departures {

  private Departures() {}

  static List<Action> plan(Situation situation) {
    if (!situation.complete()) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>();
    for (Peer peer : situation.peers()) {
      for (ClusterNode node : peer.snapshot().table().nodes()) {
        if (!node.is(Flag.HANDSHAKE)
            && !situation.roster().has(node.id())
            && !node.id().equals(peer.self().master())
            && !isKept(situation, node.id())
            && (isNobody(situation, node.id()) || isRumour(situation, node.id()))) {
          actions.add(
              new Action.Forget(peer.target(), node.id(), situation.ownership().owns(node.id())));
        }
      }
    }
    return actions;
  }

  /** A volume can bring it back, and a server thinks that it owns slots. */
  private static boolean isKept(Situation situation, NodeId id) {
    return situation.view().memory().volumes().containsValue(id)
        && situation.peers().stream()
            .map(peer -> peer.viewOf(id))
            .anyMatch(seen -> seen != null && !seen.slots().isEmpty());
  }

  private static boolean isNobody(Situation situation, NodeId id) {
    return !situation.ownership().owns(id) && followers(situation, id).isEmpty();
  }

  /**
   * A master that was given slots and died before its replicas heard of them: none of them can take
   * over (clusterHandleSlaveFailover asks for slots), and nobody can tell them. Where nothing was
   * ever written, the slots can be given to another one, once they are forgotten.
   */
  private static boolean isRumour(Situation situation, NodeId id) {
    return Formation.isEmpty(situation)
        && followers(situation, id).stream()
            .map(peer -> peer.viewOf(id))
            .allMatch(seen -> seen == null || seen.slots().isEmpty());
  }

  private static List<Peer> followers(Situation situation, NodeId master) {
    return situation.peers().stream().filter(peer -> master.equals(peer.self().master())).toList();
  }
}
