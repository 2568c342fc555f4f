package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.Inventory;
import io.slotkeeper.mode.cluster.observe.Member;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState;
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
final class RollingUpdate {

  private RollingUpdate() {}

  static List<Action> plan(ClusterModel cluster, Health health, List<Finding> findings) {
    if (!cluster.topology().updates().rolling() || !isWell(cluster, findings)) {
      return List.of();
    }
    Set<String> masters =
        health.shards().stream()
            .map(Health.Shard::master)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return cluster.view().members().stream()
        .map(Member::pod)
        .filter(cluster.view().inventory()::isOutdated)
        .sorted(
            Comparator.comparing((PodState pod) -> masters.contains(pod.name()))
                .thenComparing(PodState::name))
        .flatMap(pod -> replacement(cluster, pod).stream())
        .limit(1)
        .toList();
  }

  private static Optional<Action> replacement(ClusterModel cluster, PodState pod) {
    return Safeguards.of(cluster, pod)
        .map(safeguard ->
            new Action.ReplacePod(
                PodRef.of(pod),
                Action.ReplacePod.Cause.OUTDATED,
                safeguard,
                Set.copyOf(cluster.topology().pods())));
  }

  /**
   * Other containers of a pod count once it has the newest template: the change may be what fixes
   * one that crashes in pods of the older template.
   */
  static boolean isWell(ClusterModel cluster, List<Finding> findings) {
    Inventory inventory = cluster.view().inventory();
    return findings.stream().allMatch(f -> f.kind() == Finding.Kind.CLAIM_TERMINATING)
        && cluster.view().members().stream()
            .map(Member::pod)
            .allMatch(pod ->
                !pod.terminating() && pod.ready() && (pod.whole() || inventory.isOutdated(pod)))
        && cluster.topology().pods().stream()
            .allMatch(name -> cluster.view().pod(name).isPresent());
  }
}
