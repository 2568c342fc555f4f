package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.model.Finding;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From events to why pods are not created, or not started. */
final class PodReports {
  /** client-go writes an event that repeats only every five minutes (events_cache.go). */
  private static final Duration NEWS = Duration.ofMinutes(10);

  /** How long a scheduled pod may take to start: an image may be large, a volume slow to attach. */
  private static final Duration START = Duration.ofSeconds(30);

  /** Reasons of events of the kubelet and the attach controller (kubelet/events/event.go). */
  private static final Set<String> NOT_PREPARED =
      Set.of(
          "FailedMount",
          "FailedAttachVolume",
          "FailedMapVolume",
          "FailedCreatePodSandBox",
          "FailedCreatePodContainer",
          "NetworkNotReady");

  /** The StatefulSet controller's text around that of the API server (stateful_pod_control.go). */
  private static final String ERROR = " failed error: ";

  private static final int LONGEST = 600;

  private PodReports() {}

  /** It has a Kubernetes node, and no container of it has started there for too long. */
  static boolean isWaiting(Pod pod, Instant now) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && "Pending".equals(pod.getStatus().getPhase())
        && pod.getSpec().getNodeName() != null
        && pod.getStatus().getContainerStatuses().stream().noneMatch(PodReports::hasWords)
        && time(pod.getMetadata().getCreationTimestamp())
            .filter(created -> created.plus(START).isBefore(now))
            .isPresent();
  }

  /** The pod's status has the kubelet's reason for waiting. */
  private static boolean hasWords(ContainerStatus container) {
    return container.getState() != null
        && container.getState().getWaiting() != null
        && container.getState().getWaiting().getReason() != null
        && !Set.of("ContainerCreating", "PodInitializing")
            .contains(container.getState().getWaiting().getReason());
  }

  /**
   * Why a pod cannot be created.
   *
   * @param events of its StatefulSet
   */
  static Optional<Finding> refusal(Collection<Event> events, String pod, Instant now) {
    return newest(
            events.stream()
                .filter(
                    event -> Set.of("FailedCreate", "SuccessfulCreate").contains(event.getReason()))
                .filter(event -> text(event.getMessage()).contains(" Pod " + pod + " ")),
            now)
        .filter(event -> "FailedCreate".equals(event.getReason()))
        .map(event -> text(event.getMessage()))
        .map(message ->
            message.contains(ERROR)
                ? message.substring(message.indexOf(ERROR) + ERROR.length())
                : message)
        .map(words ->
            new Finding(
                Finding.Kind.POD_REFUSED,
                sentence("Pod %s cannot be created: %s".formatted(pod, words))));
  }

  /**
   * Why a pod does not start. Events about Secrets and ConfigMaps are left out: they reveal which
   * exist, and what keys they have.
   *
   * @param events of the pod
   */
  static Optional<Finding> rejection(Collection<Event> events, Pod pod, Instant now) {
    String name = pod.getMetadata().getName();
    return newest(
            events.stream().filter(event -> NOT_PREPARED.contains(text(event.getReason()))), now)
        .map(event ->
            text(event.getMessage()).matches("(?is).*(secret|configmap).*")
                ? event.getReason() + ", a Secret or ConfigMap that it needs cannot be mounted"
                : event.getReason() + ", " + text(event.getMessage()))
        .map(words ->
            new Finding(Finding.Kind.POD_REJECTED, sentence("Pod %s: %s".formatted(name, words))));
  }

  private static Optional<Event> newest(Stream<Event> events, Instant now) {
    return events
        .filter(event -> at(event).isAfter(now.minus(NEWS)))
        .max(Comparator.comparing(PodReports::at));
  }

  /** A series has the time of its last event, an event of the old API one of three times. */
  private static Instant at(Event event) {
    return Stream.of(
            Optional.ofNullable(event.getSeries())
                .map(series -> series.getLastObservedTime())
                .map(time -> time.getTime()),
            Optional.ofNullable(event.getLastTimestamp()),
            Optional.ofNullable(event.getEventTime()).map(time -> time.getTime()),
            Optional.ofNullable(event.getMetadata()).map(meta -> meta.getCreationTimestamp()))
        .flatMap(Optional::stream)
        .flatMap(text -> time(text).stream())
        .findFirst()
        .orElse(Instant.MIN);
  }

  private static Optional<Instant> time(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String sentence(String words) {
    String line = words.strip().replaceAll("\\s+", " ");
    String some = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    return some.endsWith(".") ? some : some + ".";
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }
}
