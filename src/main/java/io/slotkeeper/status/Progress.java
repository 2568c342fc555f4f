package io.slotkeeper.status;

import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Hold;
import io.slotkeeper.plan.Resharding;
import java.util.Optional;

/**
 * Whether the operator is at work, and at what. A change of the spec is done when every pod, claim
 * and setting is as it asks; until then the condition is True, also while something stands in the
 * way of it: that shows in {@code Degraded} and in the message.
 *
 * @param working for the condition's status
 */
record Progress(boolean working, Reason reason, String message) {

  /**
   * @param update what pods, claims and servers do not have yet of what the spec asks for
   * @param resharding present while shards or replicas come or go, and all that serves is well
   * @param problem what keeps the spec from being carried out
   * @param complete all that runs is as wanted, apart from updates
   * @param beginning it has never been Ready
   * @param detail how far resharding is
   */
  static Progress of(
      Optional<String> update,
      Optional<Resharding> resharding,
      Optional<Finding> trouble,
      Optional<Problem> problem,
      boolean complete,
      boolean beginning,
      String detail) {
    if (update.isPresent()) {
      return new Progress(
          true,
          Reason.Updating,
          trouble
              .map(finding -> update.get() + " It is held up: " + finding.message())
              .orElse(update.get()));
    }
    Optional<Hold> hold = resharding.flatMap(Resharding::hold);
    if (hold.isPresent()) {
      return new Progress(false, Reasons.of(hold.get().kind()), hold.get().message());
    }
    if (complete && problem.isPresent()) {
      return new Progress(
          false,
          problem.get().reason(),
          "The spec is not carried out as a whole: " + problem.get().message());
    }
    if (complete) {
      return new Progress(false, Reason.Complete, "Everything is as the spec asks.");
    }
    if (trouble.isPresent()) {
      return new Progress(
          false,
          Reasons.of(trouble.get().kind()),
          "Waiting for the cause to be fixed: " + trouble.get().message());
    }
    if (resharding.isPresent()) {
      return new Progress(true, Reason.Scaling, detail);
    }
    return beginning
        ? new Progress(true, Reason.Creating, "The cluster is being formed.")
        : new Progress(true, Reason.Healing, "The cluster is being healed.");
  }
}
