package io.slotkeeper.report;

import static io.slotkeeper.report.Reports.ALONE;
import static io.slotkeeper.report.Reports.NOW;
import static io.slotkeeper.report.Reports.WHOLE;
import static io.slotkeeper.report.Reports.health;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.model.Blocker;
import io.slotkeeper.model.Finding;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusBuilderTest {
  private static StatusInput report(boolean formed, Health health, Finding... findings) {
    return report(formed, health, true, NOW, findings);
  }

  private static StatusInput report(
      boolean formed, Health health, boolean podsReady, Instant now, Finding... findings) {
    return new Reports()
        .with(it -> {
          it.formed = formed;
          it.health = health;
          it.findings = List.of(findings);
          it.now = now;
          it.members.replaceAll(member -> Reports.member(member.pod().ordinal(), podsReady, null));
        })
        .report();
  }

  private static RedisStatus status(Consumer<Reports> change) {
    return StatusBuilder.status(null, new Reports().with(change).report());
  }

  private static Condition condition(RedisStatus status, ConditionType type) {
    return Conditions.find(status.conditions(), type).orElseThrow();
  }

  private static void assertReady(RedisStatus status, String is, Reason reason) {
    assertThat(condition(status, ConditionType.Ready).getStatus()).isEqualTo(is);
    assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo(reason.name());
  }

  @Test
  void isReadyWhenAllSlotsAreServedAgreedOnAndCopied() {
    RedisStatus status = StatusBuilder.status(null, report(true, health(SlotSet.ALL, true, WHOLE)));
    assertReady(status, "True", Reason.AllSlotsServed);
    assertThat(status.phase()).isEqualTo(Phase.Running);
    assertThat(status.readyPods()).isEqualTo("2/2");
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.shards())
        .singleElement()
        .satisfies(shard -> {
          assertThat(shard.name()).isEqualTo("x-shard0");
          assertThat(shard.slots()).isEqualTo("0-16383");
          assertThat(shard.replicas()).containsExactly("x-shard0-1");
        });
  }

  @Test
  void isNotReadyWhileASlotIsNotServed() {
    SlotSet most = SlotSet.ALL.minus(SlotSet.of(5));
    RedisStatus status = StatusBuilder.status(null, report(true, health(most, true, WHOLE)));
    assertReady(status, "False", Reason.SlotsNotServed);
    assertThat(condition(status, ConditionType.SlotsCovered).getStatus()).isEqualTo("False");
    assertThat(status.phase()).isEqualTo(Phase.Healing);
  }

  @Test
  void isNotReadyWhileServersDisagree() {
    RedisStatus status =
        StatusBuilder.status(null, report(true, health(SlotSet.ALL, false, WHOLE)));
    assertReady(status, "False", Reason.NodesDisagree);
  }

  @Test
  void isNotReadyWhileAMasterThatShouldHaveAReplicaHasNoneInSync() {
    RedisStatus status = StatusBuilder.status(null, report(true, health(SlotSet.ALL, true, ALONE)));
    assertReady(status, "False", Reason.ReplicaMissing);
    assertThat(condition(status, ConditionType.Degraded).getStatus()).isEqualTo("True");
  }

  @Test
  void isNotReadyWhileTheServiceHasNoEndpoints() {
    RedisStatus status =
        StatusBuilder.status(null, report(true, health(SlotSet.ALL, true, WHOLE), false, NOW));
    assertReady(status, "False", Reason.NoReadyPod);
  }

  /** Where there is one primary, the Service leads to that alone. */
  @Test
  void isNotReadyWhileThePodOfThePrimaryIsNot() {
    Topology standalone = Reports.TOPOLOGY.running(Mode.Standalone);
    for (int ordinal : new int[] {0, 1}) {
      RedisStatus status =
          status(it -> {
            it.topology = standalone;
            it.members.set(ordinal, Reports.member(ordinal, false, null));
          });
      assertThat(condition(status, ConditionType.Ready).getStatus())
          .isEqualTo(ordinal == 0 ? "False" : "True");
    }
  }

  @Test
  void isBeingCreatedUntilItHasFormed() {
    RedisStatus status =
        StatusBuilder.status(null, report(false, health(SlotSet.NONE, false, ALONE)));
    assertReady(status, "False", Reason.Forming);
    assertThat(status.phase()).isEqualTo(Phase.Creating);
    assertThat(condition(status, ConditionType.Degraded).getStatus()).isEqualTo("False");
  }

  @Test
  void isBeingCreatedUntilItHasBeenReady() {
    Finding yet = new Finding(Finding.Kind.DISAGREEMENT, "Not yet.");
    Health halfway = health(SlotSet.ALL, false, ALONE);
    RedisStatus creating =
        StatusBuilder.status(null, report(false, health(SlotSet.NONE, false, ALONE)));
    RedisStatus formed = StatusBuilder.status(creating, report(true, halfway, yet));
    assertThat(formed.phase()).isEqualTo(Phase.Creating);
    assertThat(condition(formed, ConditionType.Degraded).getStatus()).isEqualTo("False");
    assertThat(condition(formed, ConditionType.Progressing).getReason()).isEqualTo("Creating");

    Finding lost = new Finding(Finding.Kind.MASTER_DOWN, "Lost.");
    RedisStatus hurt = StatusBuilder.status(formed, report(true, halfway, lost));
    assertThat(hurt.phase()).isEqualTo(Phase.Healing);
    assertThat(condition(hurt, ConditionType.Degraded).getStatus()).isEqualTo("True");

    RedisStatus ready =
        StatusBuilder.status(formed, report(true, health(SlotSet.ALL, true, WHOLE)));
    RedisStatus later = StatusBuilder.status(ready, report(true, halfway, yet));
    assertThat(later.phase()).isEqualTo(Phase.Healing);
    assertThat(condition(later, ConditionType.Degraded).getStatus()).isEqualTo("True");
  }

  @Test
  void aMessageTellsOneOfEachKind() {
    RedisStatus status =
        StatusBuilder.status(
            null,
            report(
                false,
                health(SlotSet.NONE, false, ALONE),
                new Finding(Finding.Kind.IMAGE, "Pod a: no image."),
                new Finding(Finding.Kind.IMAGE, "Pod b: no image."),
                new Finding(Finding.Kind.WAITING, "Waiting.")));
    assertThat(condition(status, ConditionType.Ready).getMessage())
        .isEqualTo("Pod a: no image. Waiting. (and 1 more)");
  }

  @Test
  void whatTheUserMustFixComesFirst() {
    RedisStatus status =
        StatusBuilder.status(
            null,
            report(
                false,
                health(SlotSet.NONE, false, ALONE),
                new Finding(Finding.Kind.WAITING, "Waiting."),
                new Finding(Finding.Kind.IMAGE, "No image.")));
    assertReady(status, "False", Reason.ImageNotPulled);
    assertThat(condition(status, ConditionType.Ready).getMessage()).startsWith("No image.");
    assertThat(status.phase()).isEqualTo(Phase.Failed);
  }

  @Test
  void aConditionKeepsItsTransitionTimeUntilItsStatusChanges() {
    Health whole = health(SlotSet.ALL, true, WHOLE);
    RedisStatus first = StatusBuilder.status(null, report(true, whole));
    RedisStatus later = StatusBuilder.status(first, report(true, whole, true, NOW.plusSeconds(60)));
    assertThat(later).isEqualTo(first);
    RedisStatus broken =
        StatusBuilder.status(
            later, report(true, health(SlotSet.NONE, true, ALONE), true, NOW.plusSeconds(90)));
    assertThat(condition(broken, ConditionType.Ready).getLastTransitionTime())
        .isEqualTo("2026-01-02T03:05:35Z");
    assertThat(condition(broken, ConditionType.ClusterFormed).getLastTransitionTime())
        .isEqualTo("2026-01-02T03:04:05Z");
  }

  private static void assertProgressing(RedisStatus status, String is, Reason reason) {
    assertThat(condition(status, ConditionType.Progressing).getStatus()).isEqualTo(is);
    assertThat(condition(status, ConditionType.Progressing).getReason()).isEqualTo(reason.name());
  }

  @Test
  void isNotCompleteWhileKubernetesHasNotTheNewestChange() {
    RedisStatus status = status(it -> it.pending = List.of("Just changed: StatefulSet x-shard0."));
    assertThat(status.phase()).isEqualTo(Phase.Updating);
    assertProgressing(status, "True", Reason.Updating);
    assertThat(condition(status, ConditionType.Progressing).getMessage())
        .isEqualTo("Just changed: StatefulSet x-shard0.");
    assertReady(status, "True", Reason.AllSlotsServed);
  }

  @Test
  void whatIsCreatedForTheFirstTimeIsNoUpdate() {
    RedisStatus status =
        status(it -> {
          it.formed = false;
          it.health = Reports.dark();
          it.pending = List.of("Just changed: StatefulSet x-shard0.");
        });
    assertThat(status.phase()).isEqualTo(Phase.Creating);
    assertProgressing(status, "True", Reason.Creating);
  }

  @Test
  void isUpdatingWhilePodsAreReplaced() {
    Problem updating = new Problem(Reason.Updating, "5 of 6 pods are still to come.");
    RedisStatus status = status(it -> it.problem = Optional.of(updating));
    assertThat(status.phase()).isEqualTo(Phase.Updating);
    assertProgressing(status, "True", Reason.Updating);

    RedisStatus between =
        status(it -> {
          it.problem = Optional.of(updating);
          it.health = health(SlotSet.ALL, true, ALONE);
          it.findings = List.of(new Finding(Finding.Kind.REPLICA_DOWN, "Not yet."));
        });
    assertThat(between.phase()).isEqualTo(Phase.Updating);
    assertProgressing(between, "True", Reason.Updating);
  }

  @Test
  void anUpdateThatIsHeldUpIsNotDone() {
    RedisStatus status =
        status(it -> {
          it.problem = Optional.of(new Problem(Reason.Updating, "5 of 6 pods are outdated."));
          it.health = health(SlotSet.ALL, true, ALONE);
          it.findings = List.of(new Finding(Finding.Kind.IMAGE, "No image."));
        });
    assertThat(status.phase()).isEqualTo(Phase.Failed);
    assertProgressing(status, "True", Reason.Updating);
    assertThat(condition(status, ConditionType.Progressing).getMessage())
        .isEqualTo("5 of 6 pods are outdated. It is held up: No image.");
  }

  @Test
  void aSpecThatIsNotCarriedOutIsNotComplete() {
    RedisStatus status =
        status(it -> it.problem = Optional.of(new Problem(Reason.ConfigurationInvalid, "No.")));
    assertProgressing(status, "False", Reason.ConfigurationInvalid);
    assertReady(status, "True", Reason.AllSlotsServed);
  }

  @Test
  void isScalingWhileSlotsMove() {
    Resharding left = new Resharding(100, 1000, false, List.of(), 0, Optional.empty());
    RedisStatus status =
        status(it -> {
          it.resharding = Optional.of(left);
          it.balancing = new RebalanceState(true, List.of(), Optional.empty());
        });
    assertThat(status.phase()).isEqualTo(Phase.Scaling);
    assertReady(status, "True", Reason.AllSlotsServed);
    assertProgressing(status, "True", Reason.Scaling);
    assertThat(condition(status, ConditionType.Progressing).getMessage())
        .isEqualTo("0 of 100 slots moved.");
    assertThat(condition(status, ConditionType.Degraded).getStatus()).isEqualTo("False");
  }

  @Test
  void podsThatLeaveAreScalingToo() {
    Resharding left = new Resharding(0, 0, false, List.of(), 2, Optional.empty());
    RedisStatus status = status(it -> it.resharding = Optional.of(left));
    assertThat(status.phase()).isEqualTo(Phase.Scaling);
    assertThat(condition(status, ConditionType.Progressing).getMessage())
        .isEqualTo("2 pods are to be removed.");
  }

  @ParameterizedTest
  @CsvSource({
    "PAUSED, MigrationPaused",
    "UPDATING, WaitingForUpdate",
    "HEALING, Healing",
    "MEMORY, InsufficientMemory"
  })
  void aHoldIsTheReasonWhyNothingMoves(Blocker.Kind kind, Reason reason) {
    Blocker blocker = new Blocker(kind, "Held.");
    Resharding left = new Resharding(100, 1000, false, List.of(), 0, Optional.of(blocker));
    RedisStatus status = status(it -> it.resharding = Optional.of(left));
    assertThat(status.phase()).isEqualTo(Phase.Scaling);
    assertProgressing(status, "False", reason);
    assertThat(condition(status, ConditionType.Progressing).getMessage()).isEqualTo("Held.");
  }

  @Test
  void isHaltedOnlyWhenNoPodIsLeft() {
    RedisStatus stopping = status(it -> it.halted = true);
    assertThat(stopping.phase()).isEqualTo(Phase.Halting);
    assertReady(stopping, "False", Reason.Halting);
    assertProgressing(stopping, "True", Reason.Halting);
    assertThat(condition(stopping, ConditionType.Progressing).getMessage())
        .contains("2 pods are left");
    assertThat(condition(stopping, ConditionType.SlotsCovered).getStatus()).isEqualTo("True");

    RedisStatus stopped =
        status(it -> {
          it.halted = true;
          it.members.clear();
          it.health = Reports.dark("id");
          it.claims = Set.of("x-shard0-0");
        });
    assertThat(stopped.phase()).isEqualTo(Phase.Halted);
    assertThat(stopped.readyPods()).isEqualTo("0/0");
    assertReady(stopped, "False", Reason.Halted);
    assertProgressing(stopped, "False", Reason.Halted);
    assertThat(condition(stopped, ConditionType.Ready).getMessage()).contains("volumes are kept");
    assertThat(condition(stopped, ConditionType.SlotsCovered).getReason()).isEqualTo("Halted");
  }

  @Test
  void withoutVolumesNothingIsKeptWhenHalted() {
    RedisStatus stopped =
        status(it -> {
          it.halted = true;
          it.members.clear();
          it.health = Reports.dark("id");
        });
    assertThat(condition(stopped, ConditionType.Ready).getMessage()).contains("no data is kept");
  }

  @Test
  void theVersionIsThatOfTheOldestServer() {
    RedisStatus status =
        status(it -> {
          it.members.set(0, Reports.member(0, true, "8.0.10"));
          it.members.set(1, Reports.member(1, true, "8.0.9"));
        });
    assertThat(status.version()).isEqualTo("8.0.9");
    RedisStatus silent = StatusBuilder.status(status, new Reports().report());
    assertThat(silent.version()).isEqualTo("8.0.9");
    assertThat(StatusBuilder.status(null, new Reports().report()).version()).isNull();
  }

  @Test
  void warningsAreJoined() {
    RedisStatus status =
        status(it ->
            it.warnings =
                List.of(
                    new Problem(Reason.FewMasters, "Few."), new Problem(Reason.NoCopies, "None.")));
    Condition warning = condition(status, ConditionType.ConfigurationWarning);
    assertThat(warning.getStatus()).isEqualTo("True");
    assertThat(warning.getReason()).isEqualTo("FewMasters");
    assertThat(warning.getMessage()).isEqualTo("Few. None.");
  }

  @Test
  void podsThatCannotBeCreatedAreReportedFirst() {
    RedisStatus status =
        status(it -> {
          it.formed = false;
          it.health = Reports.dark();
          it.members.clear();
          it.findings = List.of(new Finding(Finding.Kind.WAITING, "Pod x does not exist yet."));
          it.reported = List.of(new Finding(Finding.Kind.POD_REFUSED, "exceeded quota"));
        });
    assertReady(status, "False", Reason.PodRefused);
    assertThat(condition(status, ConditionType.Ready).getMessage()).startsWith("exceeded quota");
    assertThat(status.phase()).isEqualTo(Phase.Failed);
    assertThat(condition(status, ConditionType.Degraded).getStatus()).isEqualTo("True");
  }
}
