package io.slotkeeper.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Member;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replaces pods that were created from an older template, one at a time. Properties:
 *
 * <ul>
 *   <li>a pod goes only while all is well: the servers agree, every replica is in sync, every pod
 *       of the newest template is Ready, and none is terminating;
 *   <li>replicas first: a replica may be newer than its master, but not older;
 *   <li>a master hands its slots over before it stops (the pod's preStop hook);
 *   <li>the next pod goes only when the one before is back and in sync, so a template that does not
 *       work stops the rollout at its first pod.
 * </ul>
 */
public final class RollingUpdate {

  private RollingUpdate() {}

  public static List<Action> plan(ModeModel model, Health health, List<Finding> findings) {
    if (!model.topology().updates().rolling() || !isWell(model, findings)) {
      return List.of();
    }
    Set<String> masters =
        health.shards().stream()
            .map(Health.Shard::master)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return model.view().members().stream()
        .map(Member::pod)
        .filter(model.view().inventory()::isOutdated)
        .sorted(
            Comparator.comparing((PodState pod) -> masters.contains(pod.name()))
                .thenComparing(PodState::name))
        .flatMap(pod -> replacement(model, pod).stream())
        .limit(1)
        .toList();
  }

  private static Optional<Action> replacement(ModeModel model, PodState pod) {
    return Safeguards.of(model, pod)
        .map(safeguard ->
            new Action.ReplacePod(
                PodRef.of(pod),
                Action.ReplacePod.Cause.OUTDATED,
                safeguard,
                Set.copyOf(model.topology().pods())));
  }

  /**
   * Other containers of a pod count once it has the newest template: the change may be what fixes
   * one that crashes in pods of the older template.
   */
  static boolean isWell(ModeModel model, List<Finding> findings) {
    Inventory inventory = model.view().inventory();
    return findings.stream().allMatch(f -> f.kind() == Finding.Kind.CLAIM_TERMINATING)
        && model.view().members().stream()
            .map(Member::pod)
            .allMatch(pod ->
                !pod.terminating() && pod.ready() && (pod.whole() || inventory.isOutdated(pod)))
        && model.topology().pods().stream().allMatch(name -> model.view().pod(name).isPresent());
  }
}
