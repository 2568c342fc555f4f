package io.slotkeeper.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to do now, what was found, and when to look again.
 *
 * @param steps run one after the other, the actions of one step at once. Where an action of a step
 *     fails, the later steps are skipped: the next pass decides
 * @param findings what stands in the way, the most important first
 * @param resharding what is left to do until the cluster has its wanted size
 * @param update the pods of an older template
 * @param sentinels how many Sentinels know the primary; null in a mode without
 */
public record Plan(
    List<List<Action>> steps,
    List<Finding> findings,
    Health health,
    RequeuePace pace,
    Optional<Resharding> resharding,
    UpdateProgress update,
    @Nullable SentinelHealth sentinels) {

  public Plan(
      List<List<Action>> steps,
      List<Finding> findings,
      Health health,
      RequeuePace pace,
      Optional<Resharding> resharding,
      UpdateProgress update) {
    this(steps, findings, health, pace, resharding, update, null);
  }

  public Plan(List<List<Action>> steps, List<Finding> findings, Health health, RequeuePace pace) {
    this(steps, findings, health, pace, Optional.empty(), UpdateProgress.NONE);
  }

  public Plan {
    steps = steps.stream().filter(step -> !step.isEmpty()).map(List::copyOf).toList();
    findings = findings.stream().sorted(java.util.Comparator.comparing(Finding::kind)).toList();
  }

  public List<Action> actions() {
    return steps.stream().flatMap(List::stream).toList();
  }
}
