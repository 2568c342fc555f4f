package io.slotkeeper.plan;

import io.slotkeeper.observe.Claim;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import java.util.List;
import java.util.Optional;

/**
 * Claims that are being deleted while they hold the only copy of something. Kubernetes keeps such a
 * claim until its pod goes, for whatever reason: then the data is lost.
 */
final class ClaimFindings {

  private ClaimFindings() {}

  static List<Finding> of(Situation situation) {
    return situation.view().members().stream()
        .map(Member::pod)
        .filter(pod -> !pod.terminating())
        .flatMap(pod -> finding(situation, pod).stream())
        .toList();
  }

  private static Optional<Finding> finding(Situation situation, PodView pod) {
    return situation
        .view()
        .inventory()
        .claimOf(pod.name())
        .filter(Claim::terminating)
        .filter(_ -> !isEmpty(situation, pod) && Safeguards.of(situation, pod).isEmpty())
        .map(claim ->
            new Finding(
                Finding.Kind.CLAIM_TERMINATING,
                "Claim %s is being deleted, and no other claim has a copy of its data in sync: when pod %s goes, that data is lost. The operator leaves the pod alone. Raise spec.cluster.replicas by one: when Ready is True, there is a copy on a new claim."
                    .formatted(claim.name(), pod.name())));
  }

  /** Its server answers and has nothing: the claim may go with the pod. */
  private static boolean isEmpty(Situation situation, PodView pod) {
    return Safeguards.peer(situation, pod)
        .filter(peer -> peer.snapshot().keys() == 0 && !situation.ownership().owns(peer.id()))
        .isPresent();
  }
}
