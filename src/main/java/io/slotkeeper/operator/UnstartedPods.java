package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces pods that never started, once what kept them from it has been corrected in the template:
 * an image, a node selector. A StatefulSet with update strategy OnDelete leaves them as they are,
 * and a pod that has not started has nothing to lose.
 */
final class UnstartedPods {
  private static final Logger log = LoggerFactory.getLogger(UnstartedPods.class);
  private static final String REVISION = "controller-revision-hash";

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

  static List<Pod> outdated(Collection<Pod> pods, Collection<StatefulSet> shards) {
    Map<String, StatefulSet> owners =
        shards.stream()
            .collect(Collectors.toMap(s -> s.getMetadata().getUid(), Function.identity()));
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        // Until its only container has started for the first time.
        .filter(pod -> pod.getStatus() != null && "Pending".equals(pod.getStatus().getPhase()))
        .filter(pod -> isOutdated(pod.getMetadata(), owners))
        .toList();
  }

  private static boolean isOutdated(ObjectMeta pod, Map<String, StatefulSet> owners) {
    return pod.getOwnerReferences().stream()
        .map(owner -> owners.get(owner.getUid()))
        .filter(Objects::nonNull)
        .map(UnstartedPods::revision)
        .anyMatch(wanted -> wanted != null && !wanted.equals(pod.getLabels().get(REVISION)));
  }

  /** Of its template; null while its controller has not seen the newest one. */
  private static @Nullable String revision(StatefulSet shard) {
    return shard.getStatus() == null
            || !Objects.equals(
                shard.getStatus().getObservedGeneration(), shard.getMetadata().getGeneration())
        ? null
        : shard.getStatus().getUpdateRevision();
  }
}
