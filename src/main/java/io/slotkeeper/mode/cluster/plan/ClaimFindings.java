package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.ClaimState;
import io.slotkeeper.mode.cluster.observe.Member;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import java.util.List;
import java.util.Optional;

/**
 * Claims that are being deleted while they hold the only copy of some data. Kubernetes keeps such a
 * claim until its pod goes, for whatever reason; then the data is lost.
 */
final class ClaimFindings {

  private ClaimFindings() {}

  static List<Finding> of(ClusterModel cluster) {
    return cluster.view().members().stream()
        .map(Member::pod)
        .filter(pod -> !pod.terminating())
        .flatMap(pod -> finding(cluster, pod).stream())
        .toList();
  }

  private static Optional<Finding> finding(ClusterModel cluster, PodState pod) {
    return cluster
        .view()
        .inventory()
        .claimOf(pod.name())
        .filter(ClaimState::terminating)
        .filter(_ -> !isEmpty(cluster, pod) && Safeguards.of(cluster, pod).isEmpty())
        .map(claim ->
            new Finding(
                Finding.Kind.CLAIM_TERMINATING,
                "Claim %s is being deleted, and no other claim has a copy of its data in sync: when pod %s goes, that data is lost. The operator leaves the pod alone. Raise spec.cluster.replicas by one: when Ready is True, there is a copy on a new claim."
                    .formatted(claim.name(), pod.name())));
  }

  /** Its server answers and is empty: the claim may go with the pod. */
  private static boolean isEmpty(ClusterModel cluster, PodState pod) {
    return Safeguards.peer(cluster, pod)
        .filter(peer -> peer.snapshot().keys() == 0 && !cluster.ownership().owns(peer.id()))
        .isPresent();
  }
}
