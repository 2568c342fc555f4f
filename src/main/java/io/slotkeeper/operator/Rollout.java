package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.Kubernetes;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces pods that were made from an older template, one at a time. Properties:
 *
 * <ul>
 *   <li>a pod goes only while everything is as wanted: all servers agree, every replica is in sync,
 *       every pod is ready and none is on its way out, so there is always another copy;
 *   <li>replicas first: a replica may be newer than its master, but not older;
 *   <li>a master hands its slots over before it stops (the pod's preStop hook);
 *   <li>the next pod goes only when the one before is back and in sync, so a template that does not
 *       work stops the rollout at its first pod.
 * </ul>
 */
final class Rollout {
  private static final Logger log = LoggerFactory.getLogger(Rollout.class);

  private final KubernetesClient client;
  private final Kubernetes kubernetes;

  Rollout(KubernetesClient client, Kubernetes kubernetes) {
    this.client = client;
    this.kubernetes = kubernetes;
  }

  /**
   * Deletes the next pod, if one may go now.
   *
   * @param outdated made from an older template
   */
  void advance(Cluster cluster, Topology topology, Plan plan, Collection<Pod> outdated) {
    Optional<Pod> next = next(plan, outdated);
    if (next.isEmpty() || !allWell(topology, kubernetes.pods(cluster))) {
      return;
    }
    try {
      client.resource(next.get()).lockResourceVersion().delete();
      log.info("pod {} replaced, for its template has changed", name(next.get()));
    } catch (KubernetesClientException e) {
      log.info("pod {} not replaced yet: {}", name(next.get()), e.getMessage());
    }
  }

  static Optional<Pod> next(Plan plan, Collection<Pod> outdated) {
    if (plan.pace() != Pace.RESTING) {
      return Optional.empty();
    }
    Set<String> masters =
        plan.health().shards().stream()
            .map(Health.Shard::master)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return outdated.stream()
        .min(
            Comparator.comparing((Pod pod) -> masters.contains(name(pod)))
                .thenComparing(Rollout::name));
  }

  /** The second look: no pod is missing, unready, or going. */
  static boolean allWell(Topology topology, List<PodView> pods) {
    Set<String> ready =
        pods.stream()
            .filter(pod -> pod.ready() && !pod.terminating())
            .map(PodView::name)
            .collect(Collectors.toSet());
    return ready.containsAll(topology.pods());
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
