package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;

/**
 * Which ids are forgotten: those that no pod has any more and that own nothing. Only when every pod
 * has shown its id, because a node that does not answer is not gone.
 */
final class ForgottenNodes {

  private ForgottenNodes() {}

  static List<Action> plan(ClusterModel cluster) {
    if (!cluster.complete()) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>();
    for (Peer peer : cluster.peers()) {
      for (ClusterNode node : peer.snapshot().table().nodes()) {
        if (!node.is(Flag.HANDSHAKE)
            && !cluster.membership().has(node.id())
            && !node.id().equals(peer.self().master())
            && !isKept(cluster, node.id())
            && (isNobody(cluster, node.id()) || isRumour(cluster, node.id()))) {
          actions.add(
              new Action.Forget(peer.target(), node.id(), cluster.ownership().owns(node.id())));
        }
      }
    }
    return actions;
  }

  /** A volume can bring it back, and a server attributes slots to it. */
  private static boolean isKept(ClusterModel cluster, NodeId id) {
    return cluster.view().remembered().volumes().containsValue(id)
        && cluster.peers().stream()
            .map(peer -> peer.viewOf(id))
            .anyMatch(seen -> seen != null && !seen.slots().isEmpty());
  }

  private static boolean isNobody(ClusterModel cluster, NodeId id) {
    return !cluster.ownership().owns(id) && followers(cluster, id).isEmpty();
  }

  /**
   * A master that was given slots and died before its replicas heard of them: none of them can take
   * over (clusterHandleSlaveFailover asks for slots), and no node can inform them. Where nothing
   * was ever written, another node can get the slots once they are forgotten.
   */
  private static boolean isRumour(ClusterModel cluster, NodeId id) {
    return Formation.isEmpty(cluster)
        && followers(cluster, id).stream()
            .map(peer -> peer.viewOf(id))
            .allMatch(seen -> seen == null || seen.slots().isEmpty());
  }

  private static List<Peer> followers(ClusterModel cluster, NodeId master) {
    return cluster.peers().stream().filter(peer -> master.equals(peer.self().master())).toList();
  }
}
