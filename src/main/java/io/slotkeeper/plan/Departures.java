package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
    Set<NodeId> followed =
        situation.peers().stream()
            .map(peer -> peer.self().master())
            .filter(java.util.Objects::nonNull)
            .collect(Collectors.toSet());
    for (Peer peer : situation.peers()) {
      for (ClusterNode node : peer.snapshot().table().nodes()) {
        if (!node.is(Flag.HANDSHAKE)
            && !situation.roster().has(node.id())
            && !situation.ownership().owns(node.id())
            && !followed.contains(node.id())) {
          actions.add(new Action.Forget(peer.target(), node.id()));
        }
      }
    }
    return actions;
  }
}
