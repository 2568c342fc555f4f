package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.plan.Failovers.Missing;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.List;
import java.util.Set;

/**
 * Whether a master whose pod is gone or was replaced may still run. Pods can be deleted by force
 * while their servers keep running on a Kubernetes node that is cut off. With the majority of votes
 * on this side that does no harm: such a server stops serving after the node timeout. Without it,
 * that server may be the one that serves. Only the Kubernetes node it was on decides: the planner
 * trusts what the API server says of it, and the guard asks for a heartbeat as well.
 */
final class IsolatedMasters {

  private IsolatedMasters() {}

  static boolean mayStillRun(ClusterModel cluster, Missing lost) {
    List<KubernetesNode> doubtful =
        nodes(cluster, lost).stream()
            .filter(node -> !node.off() && !node.isSettled(cluster.view().at()))
            .toList();
    if (doubtful.stream().allMatch(KubernetesNode::ready)) {
      // It may have served there until now, with the majority on its side: the writes it took are
      // on its volume, and it is about to start.
      return !doubtful.isEmpty()
          && Failovers.hasVolume(cluster, lost)
          && !Failovers.isGoneForGood(cluster, lost);
    }
    return !isSeenDead(cluster, lost) || !isOnly(cluster, lost, doubtful);
  }

  /** Those it may have run on; all of them where that is not remembered. */
  private static List<KubernetesNode> nodes(ClusterModel cluster, Missing lost) {
    Set<String> known = knownNodes(cluster, lost);
    return cluster.view().kubernetesNodes().stream()
        .filter(node -> known.isEmpty() || known.contains(node.name()))
        .toList();
  }

  static Set<String> knownNodes(ClusterModel cluster, Missing lost) {
    return cluster.view().remembered().nodesOf(lost.master());
  }

  /** Its pod shows it, on a Kubernetes node that still reports. */
  private static boolean isSeenDead(ClusterModel cluster, Missing lost) {
    return lost.pod()
        .filter(member -> !cluster.view().isNodeNotReady(member.pod().node()))
        .filter(member -> isRefusing(member) || member.pod().container() == Container.TERMINATED)
        .isPresent();
  }

  /** Its pod is where it ran: it was not rescheduled, which could have left a server elsewhere. */
  private static boolean isOnly(ClusterModel cluster, Missing lost, List<KubernetesNode> doubtful) {
    Set<String> known = knownNodes(cluster, lost);
    return known.isEmpty()
        || lost.pod()
            .filter(member ->
                doubtful.stream().allMatch(node -> node.name().equals(member.pod().node())))
            .isPresent();
  }

  /** A container that has not started has no server, which says nothing about an earlier one. */
  private static boolean isRefusing(Member member) {
    return member.answer() instanceof ServerAnswer.Failed unseen
        && unseen.kind() == Kind.REFUSED
        && member.pod().container() != Container.WAITING;
  }
}
