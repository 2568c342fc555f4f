package io.slotkeeper.report;

import io.slotkeeper.model.Blocker;
import io.slotkeeper.model.Finding;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.Reasons;
import java.util.Optional;

/**
 * Whether the operator is at work, and on what. A change of the spec is done when every pod, claim
 * and setting matches it; until then the condition is True, even while something blocks it, which
 * {@code Degraded} and the message show.
 *
 * @param working for the condition's status
 */
record ProgressingCondition(boolean working, Reason reason, String message) {

  /**
   * @param update what the spec asks for and pods, claims and servers do not have yet
   * @param resharding present while shards or replicas come or go, and all that serves is well
   * @param problem what keeps the spec from being carried out
   * @param complete all that runs is as wanted, apart from updates
   * @param beginning it has never been Ready
   * @param detail how far resharding is
   */
  static ProgressingCondition of(
      Optional<String> update,
      Optional<Resharding> resharding,
      Optional<Finding> trouble,
      Optional<Problem> problem,
      boolean complete,
      boolean beginning,
      String detail) {
    if (update.isPresent()) {
      return new ProgressingCondition(
          true,
          Reason.Updating,
          trouble
              .map(finding -> update.get() + " It is held up: " + finding.message())
              .orElse(update.get()));
    }
    Optional<Blocker> blocker = resharding.flatMap(Resharding::blocker);
    if (blocker.isPresent()) {
      return new ProgressingCondition(
          false, Reasons.of(blocker.get().kind()), blocker.get().message());
    }
    if (complete && problem.isPresent()) {
      return new ProgressingCondition(
          false,
          problem.get().reason(),
          "The spec is not carried out as a whole: " + problem.get().message());
    }
    if (complete) {
      return new ProgressingCondition(false, Reason.Complete, "Everything is as the spec asks.");
    }
    if (trouble.isPresent()) {
      return new ProgressingCondition(
          false,
          Reasons.of(trouble.get().kind()),
          "Waiting for the cause to be fixed: " + trouble.get().message());
    }
    if (resharding.isPresent()) {
      return new ProgressingCondition(true, Reason.Scaling, detail);
    }
    return beginning
        ? new ProgressingCondition(true, Reason.Creating, "The cluster is being formed.")
        : new ProgressingCondition(true, Reason.Healing, "The cluster is being healed.");
  }
}
