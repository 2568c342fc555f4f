package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.slotkeeper.observe.PodView.Container;
import io.slotkeeper.observe.PodView.Trouble;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.PodName;
import io.slotkeeper.resources.ServerContainer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a Pod of the API server to what matters of it here. */
public final class PodViews {
  /** Reasons of a waiting container that do not pass by themselves (kubelet/images/types.go). */
  private static final Set<String> IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "ImageInspectError");

  private static final Set<String> CONFIG =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /** Label: the revision of the StatefulSet's template that a pod was made from. */
  private static final String REVISION = "controller-revision-hash";

  private PodViews() {}

  /**
   * @param name the pod's place, as {@link io.slotkeeper.resources.Owner#pod} has found it
   */
  public static PodView of(Pod pod, PodName name) {
    PodStatus status = pod.getStatus();
    ContainerStatus container = container(status);
    return new PodView(
        name.toString(),
        pod.getMetadata().getUid(),
        name.shard(),
        name.ordinal(),
        status == null || ended(status) ? null : emptyToNull(status.getPodIP()),
        pod.getSpec().getNodeName(),
        Instant.parse(pod.getMetadata().getCreationTimestamp()),
        pod.getMetadata().getDeletionTimestamp() != null,
        container != null && Boolean.TRUE.equals(container.getReady()),
        state(status, container),
        outOfMemory(pod, container).or(() -> trouble(status, container)).orElse(null),
        text(pod.getMetadata().getResourceVersion()),
        Optional.ofNullable(pod.getMetadata().getLabels())
            .map(labels -> labels.get(REVISION))
            .orElse(null),
        hasRun(container),
        status != null
            && status.getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus())),
        Scheduling.of(pod.getSpec()),
        role(pod));
  }

  /** Of the server alone: other containers of the pod say nothing about its data. */
  private static boolean hasRun(@Nullable ContainerStatus container) {
    return container != null
        && (Objects.requireNonNullElse(container.getRestartCount(), 0) > 0
            || Stream.of(container.getState(), container.getLastState())
                .filter(Objects::nonNull)
                .anyMatch(state -> state.getRunning() != null || state.getTerminated() != null));
  }

  private static Role role(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return Role.of(labels == null ? null : labels.get(Labels.ROLE));
  }

  /** The whole pod is over (evicted, node shut down): its address may be another's by now. */
  private static boolean ended(PodStatus status) {
    return "Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase());
  }

  private static @Nullable ContainerStatus container(@Nullable PodStatus status) {
    return status == null
        ? null
        : status.getContainerStatuses().stream()
            .filter(c -> ServerContainer.NAME.equals(c.getName()))
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

  private static Optional<Trouble> outOfMemory(Pod pod, @Nullable ContainerStatus container) {
    if (container == null
        || Stream.of(container.getState(), container.getLastState())
            .filter(Objects::nonNull)
            .map(ContainerState::getTerminated)
            .noneMatch(end -> end != null && "OOMKilled".equals(end.getReason()))) {
      return Optional.empty();
    }
    String limit =
        pod.getSpec().getContainers().stream()
            .filter(c -> ServerContainer.NAME.equals(c.getName()) && c.getResources() != null)
            .map(c -> c.getResources().getLimits())
            .filter(limits -> limits != null && limits.containsKey("memory"))
            .map(limits -> " than its limit of " + limits.get("memory"))
            .findFirst()
            .orElse(" than there is");
    return Optional.of(
        new Trouble(
            Trouble.Kind.OUT_OF_MEMORY,
            "the server was killed for using more memory%s. Raise resources.limits.memory in spec.podTemplate.spec, or set a lower maxmemory in spec.config"
                .formatted(limit)));
  }

  private static Optional<Trouble> trouble(
      @Nullable PodStatus status, @Nullable ContainerStatus container) {
    if (status == null) {
      return Optional.empty();
    }
    for (PodCondition condition : status.getConditions()) {
      if ("PodScheduled".equals(condition.getType())
          && "False".equals(condition.getStatus())
          && "Unschedulable".equals(condition.getReason())) {
        return Optional.of(new Trouble(Trouble.Kind.UNSCHEDULABLE, text(condition.getMessage())));
      }
    }
    if (container == null
        || container.getState() == null
        || container.getState().getWaiting() == null) {
      return Optional.empty();
    }
    String reason = text(container.getState().getWaiting().getReason());
    String message = reason + ": " + text(container.getState().getWaiting().getMessage());
    if (IMAGE.contains(reason)) {
      return Optional.of(new Trouble(Trouble.Kind.IMAGE, message));
    }
    if (CONFIG.contains(reason)) {
      return Optional.of(new Trouble(Trouble.Kind.CONFIG, message));
    }
    return "CrashLoopBackOff".equals(reason)
        ? Optional.of(new Trouble(Trouble.Kind.CRASHING, crash(container)))
        : Optional.empty();
  }

  private static String crash(ContainerStatus container) {
    ContainerState last = container.getLastState();
    String end =
        last == null || last.getTerminated() == null
            ? ""
            : " (exit code " + last.getTerminated().getExitCode() + ")";
    return "the server has ended %d times%s; see its log: kubectl logs --previous"
        .formatted(container.getRestartCount(), end);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static @Nullable String emptyToNull(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
