package io.slotkeeper.operator;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When to look at a Redis again. While something moves, at once; while nothing does, less and less
 * often, so that a cluster that waits for a slow pod or a long sync costs little.
 */
final class Pacer {
  private static final Duration FIRST = Duration.ofMillis(25);
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final double GROWTH = 1.25;

  private final Duration resting;
  private final Map<String, Step> steps = new ConcurrentHashMap<>();

  private record Step(List<Action> actions, int looks) {}

  /**
   * @param resting how often to look at what is healthy
   */
  Pacer(Duration resting) {
    this.resting = resting;
  }

  Duration next(String uid, Plan plan) {
    if (plan.pace() == Pace.RESTING) {
      steps.remove(uid);
      return resting;
    }
    Step step =
        steps.merge(
            uid,
            new Step(plan.actions(), 0),
            (old, now) ->
                old.actions().equals(now.actions())
                    ? new Step(old.actions(), old.looks() + 1)
                    : now);
    double factor = Math.pow(GROWTH, Math.min(step.looks(), 100));
    long millis = Math.round((double) FIRST.toMillis() * factor);
    return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
  }

  void retain(Set<String> uids) {
    steps.keySet().retainAll(uids);
  }
}
