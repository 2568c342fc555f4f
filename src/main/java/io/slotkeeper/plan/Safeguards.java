package io.slotkeeper.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClaimState;
import java.util.Optional;

/** Whether a pod may go: the one answer for all rules that delete pods. */
public final class Safeguards {

  private Safeguards() {}

  /** Empty where the pod may have the only copy of some data. */
  public static Optional<Safeguard> of(ModeModel model, PodState pod) {
    return neverUsed(model, pod)
        .or(() -> model.inSync(pod).map(copy -> copy))
        .or(() -> onClaim(model, pod));
  }

  /** Why there is no safeguard, in words that continue "pod x". */
  static String objection(ModeModel model, PodState pod) {
    Optional<ClaimState> claim = model.view().inventory().claimOf(pod.name());
    if (claim.filter(ClaimState::terminating).isPresent()) {
      return "has the only copy of its data on claim %s, which is being deleted"
          .formatted(claim.get().name());
    }
    return claim.isPresent() && model.topology().updates().persistent()
        ? "may have the only copy of its data, and claim %s is not bound"
            .formatted(claim.get().name())
        : "may have the only copy of its data, which does not outlive it";
  }

  /** Pods older than the Redis may have data of a former one. */
  private static Optional<Safeguard> neverUsed(ModeModel model, PodState pod) {
    boolean blank =
        model.isUnknown(pod) && !pod.createdAt().isBefore(model.topology().updates().since());
    boolean volumeGoes =
        model.view().inventory().claimOf(pod.name()).filter(ClaimState::terminating).isPresent();
    return (blank || !pod.started()) && !volumeGoes
        ? Optional.of(new Safeguard.NeverUsed())
        : Optional.empty();
  }

  /** Neither the pod nor its claim is about to go. */
  public static boolean stays(ModeModel model, PodState pod) {
    return !pod.terminating()
        && model.view().inventory().claimOf(pod.name()).filter(claim -> !claim.stays()).isEmpty();
  }

  private static Optional<Safeguard> onClaim(ModeModel model, PodState pod) {
    return model.topology().updates().persistent()
            && model.view().inventory().claimOf(pod.name()).filter(ClaimState::stays).isPresent()
        ? Optional.of(new Safeguard.OnClaim())
        : Optional.empty();
  }
}
