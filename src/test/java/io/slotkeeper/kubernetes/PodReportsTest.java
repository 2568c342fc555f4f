package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.slotkeeper.model.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReportsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final String QUOTA =
      "pods \"x-shard0-0\" is forbidden: failed quota: limits-required: must specify limits.cpu for: redis";

  private static Event event(Duration age, String reason, String message) {
    return new EventBuilder()
        .withReason(reason)
        .withMessage(message)
        .withLastTimestamp(NOW.minus(age).toString())
        .build();
  }

  private static Event failed(Duration age, String words) {
    return event(
        age,
        "FailedCreate",
        "create Pod x-shard0-0 in StatefulSet x-shard0 failed error: " + words);
  }

  private static Optional<String> refusal(Event... events) {
    return PodReports.refusal(List.of(events), "x-shard0-0", NOW).map(Finding::message);
  }

  private static Pod pod(String phase, @Nullable String node, @Nullable String waitsFor) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("x-shard0-0")
            .withCreationTimestamp(NOW.minusSeconds(60).toString())
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .endStatus();
    return waitsFor == null
        ? pod.build()
        : pod.editStatus()
            .addNewContainerStatus()
            .withName("redis")
            .withNewState()
            .withNewWaiting()
            .withReason(waitsFor)
            .endWaiting()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
  }

  @Test
  void theApiServersWordsWithoutTheControllers() {
    assertThat(refusal(failed(Duration.ofSeconds(5), QUOTA)))
        .contains("Pod x-shard0-0 cannot be created: " + QUOTA + ".");
  }

  @Test
  void theNewestCounts() {
    assertThat(
            refusal(
                failed(Duration.ofMinutes(2), QUOTA),
                failed(
                    Duration.ofMinutes(1), "no PriorityClass with name no-such-class was found")))
        .get()
        .asString()
        .contains("no-such-class")
        .doesNotContain("quota");
  }

  @Test
  void whatWasCreatedSinceIsNotRefused() {
    assertThat(
            refusal(
                failed(Duration.ofMinutes(2), QUOTA),
                event(
                    Duration.ofMinutes(1),
                    "SuccessfulCreate",
                    "create Pod x-shard0-0 in StatefulSet x-shard0 successful")))
        .isEmpty();
  }

  @Test
  void oldNewsAndOtherPodsDoNotCount() {
    assertThat(refusal(failed(Duration.ofMinutes(11), QUOTA))).isEmpty();
    assertThat(
            refusal(
                event(
                    Duration.ofSeconds(5),
                    "FailedCreate",
                    "create Pod x-shard0-00 in StatefulSet x-shard0 failed error: no")))
        .isEmpty();
    assertThat(refusal()).isEmpty();
  }

  @Test
  void eventsOfTheNewApiHaveOtherTimes() {
    Event series =
        new EventBuilder(failed(Duration.ZERO, QUOTA))
            .withLastTimestamp(null)
            .withNewEventTime(NOW.minus(Duration.ofHours(1)).toString())
            .withNewSeries()
            .withNewLastObservedTime(NOW.minusSeconds(3).toString())
            .endSeries()
            .build();
    assertThat(refusal(series)).isPresent();
    Event single = new EventBuilder(series).withSeries(null).build();
    assertThat(refusal(single)).isEmpty();
    Event timeless = new EventBuilder(single).withEventTime(null).build();
    assertThat(refusal(timeless)).isEmpty();
  }

  @Test
  void whatTheKubeletCannotPrepare() {
    assertThat(
            PodReports.rejection(
                List.of(
                    event(
                        Duration.ofSeconds(5),
                        "FailedAttachVolume",
                        "Multi-Attach error for volume \"pvc-1\"")),
                pod("Pending", "node-1", null),
                NOW))
        .contains(
            new Finding(
                Finding.Kind.POD_REJECTED,
                "Pod x-shard0-0: FailedAttachVolume, Multi-Attach error for volume \"pvc-1\"."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MountVolume.SetUp failed for volume \"v\" : secret \"payroll\" not found",
        "MountVolume.SetUp failed : references non-existent secret key: salaries in payroll",
        "MountVolume.SetUp failed for volume \"v\" : configmap \"payroll\" not found"
      })
  void doesNotSayWhichSecretsExist(String message) {
    assertThat(
            PodReports.rejection(
                List.of(event(Duration.ofSeconds(5), "FailedMount", message)),
                pod("Pending", "node-1", null),
                NOW))
        .get()
        .extracting(Finding::message)
        .asString()
        .contains("FailedMount")
        .doesNotContain("payroll", "salaries", "exist", "found");
  }

  @Test
  void onlyPodsThatTheKubeletSaysNothingOfAreAskedFor() {
    assertThat(PodReports.isWaiting(pod("Pending", "node-1", null), NOW)).isTrue();
    assertThat(PodReports.isWaiting(pod("Pending", "node-1", "ContainerCreating"), NOW)).isTrue();
    assertThat(PodReports.isWaiting(pod("Pending", "node-1", "ImagePullBackOff"), NOW)).isFalse();
    assertThat(PodReports.isWaiting(pod("Pending", null, null), NOW)).isFalse();
    assertThat(PodReports.isWaiting(pod("Running", "node-1", null), NOW)).isFalse();
    assertThat(PodReports.isWaiting(pod("Pending", "node-1", null), NOW.minusSeconds(45)))
        .isFalse();
  }
}
