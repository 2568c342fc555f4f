package io.slotkeeper.plan;

import java.util.List;

/**
 * What to do now, what was found, and when to look again.
 *
 * @param steps one after the other; the actions of one step at once. Where an action of a step
 *     fails, the later steps are left out: the next look decides
 * @param findings what stands in the way, the most important first
 */
public record Plan(List<List<Action>> steps, List<Finding> findings, Health health, Pace pace) {

  public Plan {
    steps = steps.stream().filter(step -> !step.isEmpty()).map(List::copyOf).toList();
    findings = findings.stream().sorted(java.util.Comparator.comparing(Finding::kind)).toList();
  }

  public List<Action> actions() {
    return steps.stream().flatMap(List::stream).toList();
  }
}
