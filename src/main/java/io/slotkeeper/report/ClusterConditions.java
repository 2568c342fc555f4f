package io.slotkeeper.report;

import io.slotkeeper.plan.Health;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.SlotSet;

/** Of a Redis Cluster: slots are served. */
record ClusterConditions() implements ServingConditions {

  @Override
  public Problem serves(Health health, int shards) {
    return new Problem(
        Reason.AllSlotsServed,
        "All %d slots are served by %s, and the servers agree."
            .formatted(SlotSet.COUNT, shards == 1 ? "one master" : shards + " masters"));
  }

  @Override
  public Problem forming() {
    return new Problem(Reason.Forming, "The cluster is being formed.");
  }

  @Override
  public Problem notServing(Health health, String troubles) {
    return new Problem(
        Reason.SlotsNotServed,
        "%d of %d slots are served. %s"
            .formatted(health.served().size(), SlotSet.COUNT, troubles)
            .strip());
  }

  @Override
  public Problem disagreeing(String troubles) {
    return new Problem(
        Reason.NodesDisagree,
        troubles.isEmpty() ? "The servers do not agree on the cluster yet." : troubles);
  }

  @Override
  public Problem withoutReplica(String troubles) {
    return new Problem(
        Reason.ReplicaMissing, "A master has no replica in sync. %s".formatted(troubles));
  }

  @Override
  public void formed(Conditions conditions, boolean formed) {
    conditions.set(
        ConditionType.ClusterFormed,
        formed,
        formed ? Reason.Formed : Reason.Forming,
        formed ? "All slots have been assigned." : "Not all slots are assigned yet.");
  }

  @Override
  public void serving(Conditions conditions, Health health, boolean stopped) {
    if (health.covered()) {
      conditions.set(
          ConditionType.SlotsCovered,
          true,
          Reason.AllSlotsServed,
          "All %d slots are served.".formatted(SlotSet.COUNT));
      return;
    }
    boolean all = health.served().equals(SlotSet.ALL);
    conditions.set(
        ConditionType.SlotsCovered,
        false,
        stopped ? Reason.Halted : all ? Reason.NodesDisagree : Reason.SlotsNotServed,
        all
            ? "All slots have an owner, but the servers do not agree yet."
            : "%d slots are not served.".formatted(SlotSet.COUNT - health.served().size()));
  }
}
