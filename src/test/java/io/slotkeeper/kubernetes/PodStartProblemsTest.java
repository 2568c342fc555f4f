package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.resources.PodName;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodStartProblemsTest {

  private static PodBuilder pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("x-shard0-1")
        .withUid("uid")
        .withCreationTimestamp("2026-06-01T12:00:00Z")
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .addNewContainer()
        .withName("redis")
        .withNewResources()
        .withLimits(Map.of("memory", new Quantity("64Mi")))
        .endResources()
        .addNewEnv()
        .withName("TOKEN")
        .withNewValueFrom()
        .withNewSecretKeyRef("token", "app-secret", false)
        .endValueFrom()
        .endEnv()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .withPodIP("10.0.0.1")
        .endStatus();
  }

  private static Pod waiting(String reason, String message) {
    return pod()
        .editStatus()
        .addToContainerStatuses(
            new ContainerStatusBuilder()
                .withName("redis")
                .withRestartCount(3)
                .withState(new ContainerStateBuilder().withNewWaiting(message, reason).build())
                .withLastState(
                    new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(1)
                        .endTerminated()
                        .build())
                .build())
        .endStatus()
        .build();
  }

  private static PodState view(Pod pod) {
    return PodStateReader.of(pod, new PodName("x", 0, 1));
  }

  private static @Nullable Trouble trouble(Pod pod) {
    return view(pod).trouble();
  }

  private static Trouble found(Pod pod) {
    return Objects.requireNonNull(trouble(pod));
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImagePull, IMAGE",
    "ImagePullBackOff, IMAGE",
    "InvalidImageName, IMAGE",
    "CreateContainerConfigError, CONFIG",
    "CreateContainerError, CONFIG",
    "RunContainerError, CONFIG",
    "CrashLoopBackOff, CRASHING"
  })
  void whatAContainerWaitsFor(String reason, Trouble.Kind kind) {
    assertThat(trouble(waiting(reason, "the kubelet's words")))
        .isNotNull()
        .extracting(Trouble::kind)
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCreating", "PodInitializing"})
  void whatPassesByItselfIsNoTrouble(String reason) {
    assertThat(trouble(waiting(reason, ""))).isNull();
  }

  @Test
  void theKubeletsWordsWhereTheySayNothingOfSecrets() {
    assertThat(trouble(waiting("ErrImagePull", "not found: redis:nine")))
        .isEqualTo(new Trouble(Trouble.Kind.IMAGE, "ErrImagePull: not found: redis:nine"));
    assertThat(found(waiting("CrashLoopBackOff", "back-off")).message())
        .contains("has ended 3 times (exit code 1)", "kubectl logs --previous x-shard0-1 -c redis");
  }

  /** "not found" or "couldn't find key" would tell which Secrets exist, and their keys. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret \"app-secret\" not found",
        "couldn't find key token in Secret ns/app-secret",
      })
  void aMissingReferenceIsReportedAsTheUserWroteIt(String message) {
    assertThat(found(waiting("CreateContainerConfigError", message)).message())
        .isEqualTo(
            "CreateContainerConfigError: what its environment refers to is missing, or lacks a key. It refers to key token of Secret app-secret");
  }

  @Test
  void aPodThatTheSchedulerCannotPlace() {
    Pod pod =
        pod()
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage("0/3 nodes are available: 3 Insufficient memory.")
            .endCondition()
            .endStatus()
            .build();
    assertThat(trouble(pod))
        .isEqualTo(
            new Trouble(
                Trouble.Kind.UNSCHEDULABLE, "0/3 nodes are available: 3 Insufficient memory."));
  }

  @ParameterizedTest
  @CsvSource({
    "Evicted, The node was low on resource: ephemeral-storage.",
    "UnexpectedAdmissionError, Allocate failed due to requested number of devices unavailable",
    "OutOfcpu, Node didn't have enough resource: cpu"
  })
  void aPodThatTheKubeletDoesNotRun(String reason, String message) {
    Pod pod =
        pod()
            .editStatus()
            .withPhase("Failed")
            .withReason(reason)
            .withMessage(message)
            .endStatus()
            .build();
    assertThat(trouble(pod))
        .isEqualTo(
            new Trouble(
                Trouble.Kind.REJECTED, "the kubelet does not run it, " + reason + ": " + message));
    assertThat(view(pod).ip()).as("may be another pod's by now").isNull();
    assertThat(view(pod).container()).isEqualTo(PodState.Container.TERMINATED);
  }

  @Test
  void aServerThatUsedTooMuchMemory() {
    Pod pod =
        pod()
            .editStatus()
            .addNewContainerStatus()
            .withName("redis")
            .withNewLastState()
            .withNewTerminated()
            .withReason("OOMKilled")
            .endTerminated()
            .endLastState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(found(pod).kind()).isEqualTo(Trouble.Kind.OUT_OF_MEMORY);
    assertThat(found(pod).message())
        .contains("its limit of 64Mi", "maxmemory-policy")
        .doesNotContain("delete");
  }

  @Test
  void aPodWithoutAStatusIsWaiting() {
    Pod pod = pod().withStatus(null).build();
    assertThat(view(pod).container()).isEqualTo(PodState.Container.WAITING);
    assertThat(trouble(pod)).isNull();
    assertThat(view(pod).ip()).isNull();
  }

  @Test
  void aSentinelThatCrashesIsReportedWithItsOwnContainer() {
    Pod sentinel =
        new PodBuilder(waiting("CrashLoopBackOff", "back-off"))
            .editSpec()
            .editFirstContainer()
            .withName("sentinel")
            .endContainer()
            .endSpec()
            .editStatus()
            .editFirstContainerStatus()
            .withName("sentinel")
            .endContainerStatus()
            .endStatus()
            .build();

    Trouble trouble = Objects.requireNonNull(PodStateReader.sentinel(sentinel, 1).trouble());
    assertThat(trouble.kind()).isEqualTo(Trouble.Kind.CRASHING);
    assertThat(trouble.message()).contains("ended 3 times (exit code 1)").endsWith(" -c sentinel`");
  }
}
