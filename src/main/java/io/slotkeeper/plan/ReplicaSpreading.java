package io.slotkeeper.plan;

import io.slotkeeper.observe.Attempts;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.ShardSet;
import io.slotkeeper.plan.Placement.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Deletes a replica that is on its master's node while another node would take it: the scheduler,
 * which prefers to keep them apart, then places it once more. Only while all is well, so the master
 * is there all the time, and one at a time. Where it comes back to the same node (there is no room,
 * or its volume holds it there), it is tried again after ten minutes, then twice as long, up to a
 * day; the status tells. See docs/adr/0009-a-replica-beside-its-master-moves.md.
 */
final class ReplicaSpreading {
  private static final Duration FIRST = Duration.ofMinutes(10);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration MEMORY = Duration.ofDays(7);

  /** A pod that has just come is left alone: others may still be on their way. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private ReplicaSpreading() {}

  /** Two steps: what is tried is written down first. */
  static List<List<Action>> plan(Situation situation, Health health, List<Finding> findings) {
    if (!RollingUpdate.isWell(situation, findings)) {
      return List.of();
    }
    Instant now = situation.view().at();
    for (Together together : Placement.of(health, situation.view())) {
      PodView pod = together.replica();
      ShardSet set = situation.view().inventory().sets().get(pod.shard());
      String subject = pod.name() + "@" + together.host();
      if (set == null
          || pod.createdAt().plus(YOUNG).isAfter(now)
          || !set.moves().isDue(subject, now, FIRST, LONGEST)) {
        continue;
      }
      Attempts moves = set.moves().with(subject, now, MEMORY);
      List<List<Action>> steps =
          Safeguards.inSync(situation, pod)
              .map(safeguard ->
                  List.of(
                      List.<Action>of(new Action.RecordMove(pod.shard(), moves)),
                      List.<Action>of(
                          new Action.ReplacePod(
                              PodRef.of(pod),
                              Action.ReplacePod.Cause.TOGETHER,
                              safeguard,
                              Set.copyOf(situation.topology().pods())))))
              .orElse(List.of());
      if (!steps.isEmpty()) {
        return steps;
      }
    }
    return List.of();
  }
}
