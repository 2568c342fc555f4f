package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces pods that never started, once what kept them from it has been corrected in the template:
 * an image, a node selector. A StatefulSet with update strategy OnDelete leaves them as they are,
 * and a pod that has not started has nothing to lose.
 */
final class UnstartedPods {
  private static final Logger log = LoggerFactory.getLogger(UnstartedPods.class);

  private final KubernetesClient client;

  UnstartedPods(KubernetesClient client) {
    this.client = client;
  }

  void replace(Collection<Pod> pods, Collection<StatefulSet> shards) {
    for (Pod pod : outdated(pods, shards)) {
      try {
        // Not if anything has happened to it since: it may have started.
        client.resource(pod).lockResourceVersion().delete();
        log.info(
            "pod {} never started and its template has changed: replaced",
            pod.getMetadata().getName());
      } catch (KubernetesClientException e) {
        log.info("pod {} not replaced: {}", pod.getMetadata().getName(), e.getMessage());
      }
    }
  }

  /** Its only container has never started, or ends whenever it does. */
  private static boolean doesNotRun(PodStatus status) {
    return "Pending".equals(status.getPhase())
        || status.getContainerStatuses().stream()
            .map(container -> container.getState().getWaiting())
            .anyMatch(waiting -> waiting != null && "CrashLoopBackOff".equals(waiting.getReason()));
  }

  static List<Pod> outdated(Collection<Pod> pods, Collection<StatefulSet> shards) {
    PodRevisions revisions = new PodRevisions(shards);
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> pod.getStatus() != null && doesNotRun(pod.getStatus()))
        .filter(revisions::isOutdated)
        .toList();
  }
}
