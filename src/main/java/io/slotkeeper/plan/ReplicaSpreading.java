package io.slotkeeper.plan;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.plan.ReplicaPlacement.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Deletes a replica that is on its master's node while another node would take it; the scheduler,
 * which prefers to keep them apart, then places it again. Only while all is well, so the master is
 * there all the time, and one at a time. Where it comes back to the same node (there is no room, or
 * its volume holds it there), it is tried again after ten minutes, then twice as long, up to a day;
 * the status reports it. See docs/adr/0009-a-replica-beside-its-master-moves.md.
 */
public final class ReplicaSpreading {
  private static final Duration FIRST = Duration.ofMinutes(10);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration MEMORY = Duration.ofDays(7);

  /** A new pod is left alone for this long: others may still be starting. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private ReplicaSpreading() {}

  /** Two steps: the attempt is recorded first. */
  public static List<List<Action>> plan(ModeModel model, Health health, List<Finding> findings) {
    if (!RollingUpdate.isWell(model, findings)) {
      return List.of();
    }
    Instant now = model.view().at();
    for (Together together : ReplicaPlacement.of(health, model.view())) {
      PodState pod = together.replica();
      StatefulSetState set = model.view().inventory().sets().get(pod.shard());
      String subject = pod.name() + "@" + together.host();
      if (set == null
          || pod.createdAt().plus(YOUNG).isAfter(now)
          || !set.moves().isDue(subject, now, FIRST, LONGEST)) {
        continue;
      }
      AttemptHistory moves = set.moves().with(subject, now, MEMORY);
      List<List<Action>> steps =
          model
              .inSync(pod)
              .map(safeguard ->
                  List.of(
                      List.<Action>of(new Action.RecordPlacement(pod.shard(), moves)),
                      List.<Action>of(
                          new Action.ReplacePod(
                              PodRef.of(pod),
                              Action.ReplacePod.Cause.SHARED_NODE,
                              safeguard,
                              Set.copyOf(model.topology().pods())))))
              .orElse(List.of());
      if (!steps.isEmpty()) {
        return steps;
      }
    }
    return List.of();
  }
}
