package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.slotkeeper.model.PodState;
import io.slotkeeper.resources.PodName;
import org.junit.jupiter.api.Test;

/** Whether a pod may have data is a question about its server alone. */
class PodStateReaderTest {

  private static PodState view(String phase, ContainerStatus... containers) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("x-shard0-1")
            .withUid("uid")
            .withResourceVersion("42")
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .addToLabels("controller-revision-hash", "x-shard0-5f7")
            .endMetadata()
            .withNewSpec()
            .withNodeName("node-1")
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .withContainerStatuses(containers)
            .addNewCondition()
            .withType("Ready")
            .withStatus("False")
            .endCondition()
            .endStatus()
            .build();
    return PodStateReader.of(pod, new PodName("x", 0, 1));
  }

  private static ContainerStatusBuilder container(String name) {
    return new ContainerStatusBuilder().withName(name).withReady(false).withRestartCount(0);
  }

  private static ContainerStatus running() {
    return container("redis")
        .withReady(true)
        .withNewState()
        .withNewRunning("2026-01-01T00:00:01Z")
        .endState()
        .build();
  }

  private static ContainerStatus crashing(String name) {
    return container(name)
        .withRestartCount(4)
        .withNewState()
        .withNewWaiting("back-off", "CrashLoopBackOff")
        .endState()
        .build();
  }

  @Test
  void itsVersionAndTemplateAreKnown() {
    PodState pod = view("Running", running());

    assertThat(pod.resourceVersion()).isEqualTo("42");
    assertThat(pod.revision()).isEqualTo("x-shard0-5f7");
  }

  @Test
  void aServerRunsWhileItsSidecarCrashes() {
    PodState pod = view("Running", running(), crashing("proxy"));

    assertThat(pod.container()).isEqualTo(PodState.Container.RUNNING);
    assertThat(pod.ready()).isTrue();
    assertThat(pod.started()).isTrue();
    assertThat(pod.whole()).isFalse();
    assertThat(pod.trouble()).isNull();
  }

  @Test
  void aServerThatCrashesHasRun() {
    assertThat(view("Running", crashing("redis")).started()).isTrue();
  }

  @Test
  void aServerThatEndedOnceHasRun() {
    ContainerStatus ended =
        container("redis")
            .withNewState()
            .withNewWaiting("back-off", "ImagePullBackOff")
            .endState()
            .withNewLastState()
            .withNewTerminated()
            .withExitCode(1)
            .endTerminated()
            .endLastState()
            .build();

    assertThat(view("Running", ended).started()).isTrue();
  }

  @Test
  void aServerWhoseImageIsMissingHasNotRunWhateverItsSidecarsDid() {
    ContainerStatus waiting =
        container("redis")
            .withNewState()
            .withNewWaiting("no such image", "ErrImagePull")
            .endState()
            .build();

    assertThat(view("Pending", waiting, crashing("proxy")).started()).isFalse();
    assertThat(view("Pending").started()).isFalse();
  }
}
