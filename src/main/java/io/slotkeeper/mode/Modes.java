package io.slotkeeper.mode;

import io.slotkeeper.mode.cluster.plan.ClusterPlanner;
import io.slotkeeper.mode.sentinel.plan.SentinelPlanner;
import io.slotkeeper.mode.standalone.plan.StandalonePlanner;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;

/** What depends on the mode of a Redis. */
public final class Modes {

  private Modes() {}

  /** What to do next. */
  public static Plan plan(Topology topology, ClusterView view) {
    return switch (topology.mode()) {
      case Cluster -> ClusterPlanner.plan(topology, view);
      case Standalone -> StandalonePlanner.plan(topology, view);
      case Sentinel -> SentinelPlanner.plan(topology, view);
    };
  }
}
