package io.slotkeeper.report;

import io.slotkeeper.plan.Health;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;

/** Of one primary with its replicas. */
record StandaloneConditions() implements ServingConditions {

  @Override
  public Problem serves(Health health, int shards) {
    return new Problem(Reason.PrimaryServes, serves(health));
  }

  private static String serves(Health health) {
    return "Pod %s is primary and takes writes.".formatted(health.shards().getFirst().master());
  }

  @Override
  public Problem forming() {
    return new Problem(Reason.Forming, "The first primary is being chosen.");
  }

  @Override
  public Problem notServing(Health health, String troubles) {
    return new Problem(
        Reason.PrimaryMissing, "There is no primary. %s".formatted(troubles).strip());
  }

  @Override
  public Problem disagreeing(String troubles) {
    return new Problem(
        Reason.NodesDisagree,
        troubles.isEmpty() ? "Not every server follows the primary yet." : troubles);
  }

  @Override
  public void formed(Conditions conditions, boolean formed) {
    conditions.set(
        ConditionType.Initialized,
        formed,
        formed ? Reason.Formed : Reason.Forming,
        formed ? "A primary has been chosen." : "No primary has been chosen yet.");
  }

  @Override
  public void serving(Conditions conditions, Health health, boolean stopped) {
    boolean serves = !health.served().isEmpty();
    conditions.set(
        ConditionType.PrimaryAvailable,
        serves,
        serves ? Reason.PrimaryServes : stopped ? Reason.Halted : Reason.PrimaryMissing,
        serves ? serves(health) : "There is no primary.");
  }
}
