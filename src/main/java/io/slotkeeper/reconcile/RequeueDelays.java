package io.slotkeeper.reconcile;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When to look at a Redis again: at once while something moves, and less and less often the longer
 * nothing does, so that a cluster that waits for a slow pod or a long sync costs little.
 */
public final class RequeueDelays {
  private static final Duration SHORTEST = Duration.ofMillis(25);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** If nothing has changed for a second, the next pass comes after an eighth of one. */
  private static final int PATIENCE = 8;

  private final Duration resting;
  private final InstantSource clock;
  private final Map<String, State> states = new ConcurrentHashMap<>();

  /** The actions and findings of a pass, and since when they are the same. */
  private record State(List<Action> actions, List<Finding> findings, Instant since) {
    boolean isSame(State other) {
      return actions.equals(other.actions) && findings.equals(other.findings);
    }
  }

  /**
   * @param resting how often to look at a healthy Redis
   */
  public RequeueDelays(Duration resting, InstantSource clock) {
    this.resting = resting;
    this.clock = clock;
  }

  Duration next(String uid, Plan plan) {
    if (plan.pace() == RequeuePace.RESTING) {
      states.remove(uid);
      return resting;
    }
    Instant now = clock.instant();
    State state =
        states.merge(
            uid,
            new State(plan.actions(), plan.findings(), now),
            (old, seen) -> old.isSame(seen) ? old : seen);
    Duration rest = Duration.between(state.since(), now).dividedBy(PATIENCE);
    return rest.compareTo(SHORTEST) < 0 ? SHORTEST : rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
  }

  /** Keeps only entries of Redises that still exist. */
  public void retain(Set<String> uids) {
    states.keySet().retainAll(uids);
  }
}
