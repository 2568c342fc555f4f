package io.slotkeeper.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.Member;
import java.util.List;
import java.util.Optional;

/**
 * Claims that are being deleted while they hold the only copy of some data. Kubernetes keeps such a
 * claim until its pod goes, for whatever reason; then the data is lost.
 */
public final class ClaimFindings {

  private ClaimFindings() {}

  public static List<Finding> of(ModeModel model) {
    return model.view().members().stream()
        .map(Member::pod)
        .filter(pod -> !pod.terminating())
        .flatMap(pod -> finding(model, pod).stream())
        .toList();
  }

  private static Optional<Finding> finding(ModeModel model, PodState pod) {
    return model
        .view()
        .inventory()
        .claimOf(pod.name())
        .filter(ClaimState::terminating)
        .filter(_ -> !model.isEmpty(pod) && Safeguards.of(model, pod).isEmpty())
        .map(claim ->
            new Finding(
                Finding.Kind.CLAIM_TERMINATING,
                "Claim %s is being deleted, and no other claim has a copy of its data in sync: when pod %s goes, that data is lost. The operator leaves the pod alone. Raise %s by one: when Ready is True, there is a copy on a new claim."
                    .formatted(claim.name(), pod.name(), model.topology().replicasField())));
  }
}
