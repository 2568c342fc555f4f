package io.slotkeeper.plan;

import io.slotkeeper.model.StatefulSetState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nudges the controller of a StatefulSet that lacks a pod. While a pod of a deleted StatefulSet
 * still has the name, the controller of the new StatefulSet fails to create its own, waits twice as
 * long after each failure, up to a quarter of an hour, and does not learn when the name becomes
 * free, because the pod was not its own. Any change of the StatefulSet makes it try at once. Where
 * a nudge does not help (a quota, a policy), the next one comes after twice the time.
 */
public final class MissingPods {
  private static final String SUBJECT = "pods";
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** After this long without a nudge, missing pods have another cause. */
  private static final Duration MEMORY = Duration.ofMinutes(15);

  private MissingPods() {}

  public static List<Action> plan(ModeModel model) {
    Instant now = model.view().at();
    List<Action> nudges = new ArrayList<>();
    model
        .view()
        .inventory()
        .sets()
        .forEach((shard, set) -> {
          boolean due =
              set.createdAt().plus(FIRST).isBefore(now)
                  && set.nudges().isDue(SUBJECT, now, FIRST, LONGEST);
          if (due && lacks(model, shard, set)) {
            nudges.add(new Action.NudgeStatefulSet(shard, set.nudges().with(SUBJECT, now, MEMORY)));
          }
        });
    return nudges;
  }

  private static boolean lacks(ModeModel model, int shard, StatefulSetState set) {
    return IntStream.range(0, set.pods())
        .mapToObj(ordinal -> model.topology().pod(shard, ordinal))
        .anyMatch(name -> model.view().pod(name).isEmpty());
  }
}
