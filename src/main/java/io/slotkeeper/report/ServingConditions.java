package io.slotkeeper.report;

import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;

/** What a mode's servers do for clients, and how that is said. */
sealed interface ServingConditions permits ClusterConditions, StandaloneConditions {

  static ServingConditions of(Topology topology) {
    return switch (topology.mode()) {
      case Cluster -> new ClusterConditions();
      case Standalone, Sentinel -> new StandaloneConditions();
    };
  }

  /** Why it is Ready. */
  Problem serves(Health health, int shards);

  /** Why it is not Ready before it was for the first time. */
  Problem forming();

  /**
   * Why it is not Ready although it was formed.
   *
   * @param troubles what was found
   */
  Problem notServing(Health health, String troubles);

  /** Why it is not Ready although everything is served. */
  Problem disagreeing(String troubles);

  /** Why it is not Ready although everything is served, and by one server alone. */
  default Problem withoutReplica(String troubles) {
    return new Problem(
        Reason.ReplicaMissing,
        "The primary has no replica in sync. %s".formatted(troubles).strip());
  }

  /** Sets the condition that says whether it was formed once. */
  void formed(Conditions conditions, boolean formed);

  /** Sets the condition that says whether clients are served. */
  void serving(Conditions conditions, Health health, boolean stopped);
}
