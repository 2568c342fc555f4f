package io.slotkeeper.reconcile;

import io.slotkeeper.execute.Outcome;
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

  /** After a pass that came too late, then twice as long each time, up to {@link #LONGEST}. */
  private static final Duration RELIEF = Duration.ofMillis(100);

  /** Redises that wait for the same slow machine do not come back to it all at once. */
  private static final int JITTER_PERCENT = 50;

  private final Duration resting;
  private final InstantSource clock;
  private final Map<String, State> states = new ConcurrentHashMap<>();

  /** How many passes in a row came too late with something. */
  private final Map<String, Integer> late = new ConcurrentHashMap<>();

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

  /** What comes without being asked for, such as the news of a death, does not wait for this. */
  Duration next(String uid, Plan plan, List<Outcome> outcomes) {
    Duration usual = next(uid, plan);
    if (outcomes.stream().noneMatch(Outcome::isTooLate)) {
      late.remove(uid);
      return usual;
    }
    int times = late.merge(uid, 1, Integer::sum);
    if (plan.actions().stream().anyMatch(Action::replacesDead)) {
      return usual;
    }
    Duration relief = relief(uid, times);
    return relief.compareTo(usual) > 0 ? relief : usual;
  }

  private static Duration relief(String uid, int times) {
    Duration all = RELIEF.multipliedBy(1L << Math.min(times - 1, 10));
    Duration most = all.compareTo(LONGEST) > 0 ? LONGEST : all;
    int less = Math.floorMod(31 * uid.hashCode() + times * 17, JITTER_PERCENT);
    return most.multipliedBy(100L - less).dividedBy(100);
  }

  private Duration next(String uid, Plan plan) {
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
    late.keySet().retainAll(uids);
  }
}
