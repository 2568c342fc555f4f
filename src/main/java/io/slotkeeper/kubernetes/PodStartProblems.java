package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.resources.ServerContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod does not start, in the words of the scheduler and the kubelet where users may see them.
 */
final class PodStartProblems {
  /** Reasons of a waiting container that do not pass by themselves (kubelet/images/types.go). */
  private static final Set<String> IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "ImageInspectError");

  /** Reasons of a waiting container that the runtime did not start (kuberuntime_container.go). */
  private static final Set<String> NOT_CREATED =
      Set.of("CreateContainerError", "RunContainerError", "PostStartHookError");

  private static final String MISSING_REFERENCE = "CreateContainerConfigError";

  private PodStartProblems() {}

  /**
   * @param container of the server; null where the kubelet has not seen the pod
   */
  static Optional<Trouble> of(Pod pod, @Nullable ContainerStatus container) {
    return outOfMemory(pod, container).or(() -> ofSentinel(pod, container));
  }

  /**
   * @param container of the Sentinel; null where the kubelet has not seen the pod
   */
  static Optional<Trouble> ofSentinel(Pod pod, @Nullable ContainerStatus container) {
    return rejected(pod.getStatus())
        .or(() -> unschedulable(pod.getStatus()))
        .or(() -> waiting(pod, container));
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
        container(pod, ServerContainer.NAME)
            .filter(c -> c.getResources() != null)
            .map(c -> c.getResources().getLimits())
            .filter(limits -> limits != null && limits.containsKey("memory"))
            .map(limits -> " than its limit of " + limits.get("memory"))
            .orElse(" than there is");
    return Optional.of(
        new Trouble(
            Trouble.Kind.OUT_OF_MEMORY,
            "the server was killed for using more memory%s. Raise resources.limits.memory in spec.podTemplate.spec. A lower maxmemory in spec.config also helps, but makes the server refuse writes or evict keys, as its maxmemory-policy says"
                .formatted(limit)));
  }

  /** The whole pod is over: the kubelet did not admit it, evicted it, or shut down. */
  private static Optional<Trouble> rejected(@Nullable PodStatus status) {
    if (status == null || !"Failed".equals(status.getPhase()) || status.getReason() == null) {
      return Optional.empty();
    }
    String message = text(status.getMessage());
    return Optional.of(
        new Trouble(
            Trouble.Kind.REJECTED,
            "the kubelet does not run it, "
                + status.getReason()
                + (message.isEmpty() ? "" : ": " + message)));
  }

  private static Optional<Trouble> unschedulable(@Nullable PodStatus status) {
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
    return Optional.empty();
  }

  private static Optional<Trouble> waiting(Pod pod, @Nullable ContainerStatus container) {
    if (container == null
        || container.getState() == null
        || container.getState().getWaiting() == null) {
      return Optional.empty();
    }
    ContainerStateWaiting waiting = container.getState().getWaiting();
    String reason = text(waiting.getReason());
    String message = reason + ": " + text(waiting.getMessage());
    if (IMAGE.contains(reason)) {
      return Optional.of(new Trouble(Trouble.Kind.IMAGE, message));
    }
    if (MISSING_REFERENCE.equals(reason)) {
      return Optional.of(new Trouble(Trouble.Kind.CONFIG, references(pod, container.getName())));
    }
    if (NOT_CREATED.contains(reason)) {
      return Optional.of(new Trouble(Trouble.Kind.CONFIG, message));
    }
    return "CrashLoopBackOff".equals(reason)
        ? Optional.of(new Trouble(Trouble.Kind.CRASHING, crash(pod, container)))
        : Optional.empty();
  }

  /**
   * Not the kubelet's words: they reveal whether a Secret exists, and whether it has a key, to
   * users who may not read Secrets. The names are those that the user wrote.
   */
  private static String references(Pod pod, String name) {
    List<String> names = new ArrayList<>();
    container(pod, name)
        .ifPresent(container -> {
          container.getEnv().stream()
              .map(variable -> variable.getValueFrom())
              .filter(Objects::nonNull)
              .forEach(source -> addReference(source, names));
          container
              .getEnvFrom()
              .forEach(source -> {
                if (source.getSecretRef() != null) {
                  names.add("Secret " + source.getSecretRef().getName());
                }
                if (source.getConfigMapRef() != null) {
                  names.add("ConfigMap " + source.getConfigMapRef().getName());
                }
              });
        });
    return "CreateContainerConfigError: what its environment refers to is missing, or lacks a key. It refers to "
        + String.join(", ", names.stream().distinct().toList());
  }

  private static void addReference(EnvVarSource source, List<String> names) {
    if (source.getSecretKeyRef() != null) {
      names.add(
          "key %s of Secret %s"
              .formatted(source.getSecretKeyRef().getKey(), source.getSecretKeyRef().getName()));
    }
    if (source.getConfigMapKeyRef() != null) {
      names.add(
          "key %s of ConfigMap %s"
              .formatted(
                  source.getConfigMapKeyRef().getKey(), source.getConfigMapKeyRef().getName()));
    }
  }

  private static Optional<Container> container(Pod pod, String name) {
    return pod.getSpec().getContainers().stream()
        .filter(container -> name.equals(container.getName()))
        .findFirst();
  }

  private static String crash(Pod pod, ContainerStatus container) {
    ContainerState last = container.getLastState();
    String end =
        last == null || last.getTerminated() == null
            ? ""
            : " (exit code " + last.getTerminated().getExitCode() + ")";
    return "it has ended %d times%s; its log says why: `kubectl logs --previous %s -c %s`"
        .formatted(
            container.getRestartCount(), end, pod.getMetadata().getName(), container.getName());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
