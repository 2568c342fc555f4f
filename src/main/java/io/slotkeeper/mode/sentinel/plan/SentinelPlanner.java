package io.slotkeeper.mode.sentinel.plan;

import io.slotkeeper.mode.standalone.plan.Electorate;
import io.slotkeeper.mode.standalone.plan.StandalonePlanner;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.plan.Topology;

/**
 * From the wanted and the observed state to what to do next: as for a Standalone, with Sentinels
 * that may elect a primary, too.
 */
public final class SentinelPlanner {

  private SentinelPlanner() {}

  public static Plan plan(Topology topology, ClusterView view) {
    SentinelPolicy policy = topology.sentinels();
    // Not known where the spec cannot be resolved: the Sentinels stay as they are.
    return StandalonePlanner.plan(
        topology, view, policy == null ? new Electorate.None(false) : new Sentinels(policy, view));
  }
}
