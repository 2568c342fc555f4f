package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.SchedulingConstraints;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.model.Timestamps;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.PodName;
import io.slotkeeper.resources.ServerContainer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a Pod of the API server to what matters of it here. */
public final class PodStateReader {
  /** Label: the revision of the StatefulSet's template that a pod was created from. */
  private static final String REVISION = "controller-revision-hash";

  private PodStateReader() {}

  /**
   * @param name the pod's place, as {@link io.slotkeeper.resources.Owner#pod} has found it
   */
  public static PodState of(Pod pod, PodName name) {
    PodStatus status = pod.getStatus();
    ContainerStatus container = container(status, ServerContainer.NAME);
    return new PodState(
        name.toString(),
        pod.getMetadata().getUid(),
        name.shard(),
        name.ordinal(),
        status == null || ended(status) ? null : emptyToNull(status.getPodIP()),
        pod.getSpec().getNodeName(),
        Timestamps.parse(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH),
        pod.getMetadata().getDeletionTimestamp() != null,
        container != null && Boolean.TRUE.equals(container.getReady()),
        state(status, container),
        PodStartProblems.of(pod, container).orElse(null),
        Objects.requireNonNullElse(pod.getMetadata().getResourceVersion(), ""),
        label(pod, REVISION),
        hasRun(container),
        runningSince(container).orElse(null),
        isReady(status),
        SchedulingConstraints.of(pod.getSpec()),
        PodRole.of(label(pod, Labels.ROLE)),
        Labels.YES.equals(label(pod, Labels.READS)),
        AttemptHistory.parse(annotation(pod, Labels.PROBES)));
  }

  /** The pod of a Sentinel. */
  public static SentinelPod sentinel(Pod pod, int ordinal) {
    PodStatus status = pod.getStatus();
    return new SentinelPod(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        ordinal,
        status == null || ended(status) ? null : emptyToNull(status.getPodIP()),
        pod.getMetadata().getDeletionTimestamp() != null,
        isReady(status),
        PodStartProblems.ofSentinel(pod, container(status, ServerContainer.SENTINEL)).orElse(null));
  }

  private static boolean isReady(@Nullable PodStatus status) {
    return status != null
        && status.getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  /** Of the server alone: other containers of the pod say nothing about its data. */
  private static boolean hasRun(@Nullable ContainerStatus container) {
    return container != null
        && (Objects.requireNonNullElse(container.getRestartCount(), 0) > 0
            || Stream.of(container.getState(), container.getLastState())
                .filter(Objects::nonNull)
                .anyMatch(state -> state.getRunning() != null || state.getTerminated() != null));
  }

  private static Optional<Instant> runningSince(@Nullable ContainerStatus container) {
    return Optional.ofNullable(container)
        .map(ContainerStatus::getState)
        .map(ContainerState::getRunning)
        .flatMap(running -> Timestamps.parse(running.getStartedAt()));
  }

  private static @Nullable String label(Pod pod, String key) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels == null ? null : labels.get(key);
  }

  private static @Nullable String annotation(Pod pod, String key) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }

  /** The whole pod is over (evicted, node shut down): another pod may have its address by now. */
  private static boolean ended(PodStatus status) {
    return "Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase());
  }

  private static @Nullable ContainerStatus container(@Nullable PodStatus status, String name) {
    return status == null
        ? null
        : status.getContainerStatuses().stream()
            .filter(c -> name.equals(c.getName()))
            .findFirst()
            .orElse(null);
  }

  private static Container state(@Nullable PodStatus status, @Nullable ContainerStatus container) {
    if (status != null && ended(status)) {
      return Container.TERMINATED;
    }
    ContainerState state = container == null ? null : container.getState();
    if (state == null) {
      return Container.WAITING;
    }
    if (state.getRunning() != null) {
      return Container.RUNNING;
    }
    return state.getTerminated() != null ? Container.TERMINATED : Container.WAITING;
  }

  private static @Nullable String emptyToNull(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
