package io.slotkeeper.plan;

import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replaces pods that were made from an older template, one at a time. Properties:
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
final class RollingUpdate {

  private RollingUpdate() {}

  static List<Action> plan(Situation situation, Health health, List<Finding> findings) {
    if (!situation.topology().updates().rolling() || !isWell(situation, findings)) {
      return List.of();
    }
    Set<String> masters =
        health.shards().stream()
            .map(Health.Shard::master)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return situation.view().members().stream()
        .map(Member::pod)
        .filter(situation.view().inventory()::isOutdated)
        .sorted(
            Comparator.comparing((PodView pod) -> masters.contains(pod.name()))
                .thenComparing(PodView::name))
        .flatMap(pod -> replacement(situation, pod).stream())
        .limit(1)
        .toList();
  }

  private static Optional<Action> replacement(Situation situation, PodView pod) {
    return Safeguards.of(situation, pod)
        .map(safeguard ->
            new Action.ReplacePod(
                PodRef.of(pod),
                Action.ReplacePod.Cause.OUTDATED,
                safeguard,
                Set.copyOf(situation.topology().pods())));
  }

  /**
   * Other containers of a pod count once it has the newest template: one that crashes in pods of
   * the older template may be what the change mends.
   */
  static boolean isWell(Situation situation, List<Finding> findings) {
    Inventory inventory = situation.view().inventory();
    return findings.stream().allMatch(f -> f.kind() == Finding.Kind.CLAIM_TERMINATING)
        && situation.view().members().stream()
            .map(Member::pod)
            .allMatch(pod ->
                !pod.terminating() && pod.ready() && (pod.whole() || inventory.isOutdated(pod)))
        && situation.topology().pods().stream()
            .allMatch(name -> situation.view().pod(name).isPresent());
  }
}
