package io.slotkeeper.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.SlotSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusBuilderTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Topology TOPOLOGY = new Topology("x", 1, 1, 5000);
  private static final Health.Shard WHOLE =
      new Health.Shard(
          0, SlotSet.ALL, "x-shard0-0", List.of("x-shard0-1"), List.of(), 7, List.of("id"));
  private static final Health.Shard ALONE =
      new Health.Shard(
          0, SlotSet.ALL, "x-shard0-0", List.of(), List.of("x-shard0-1"), 7, List.of("id"));

  private static Health health(SlotSet served, boolean agreed, Health.Shard shard) {
    return new Health(served, agreed, true, List.of(shard));
  }

  private static Report report(boolean formed, Health health, Finding... findings) {
    return report(formed, health, true, NOW, findings);
  }

  private static Report report(
      boolean formed, Health health, boolean podsReady, Instant now, Finding... findings) {
    return new Report(
        3,
        TOPOLOGY,
        Optional.of("7.0.15"),
        "a=b",
        new ClusterView(now, List.of(pod(0, podsReady), pod(1, podsReady)), Memory.NONE, Set.of()),
        new Plan(List.of(), List.of(findings), health, Pace.RESTING),
        new Memory(Map.of(), Map.of(), Map.of(), formed),
        Optional.empty(),
        List.of(),
        false,
        now);
  }

  private static Member pod(int ordinal, boolean ready) {
    return new Member(
        new PodView(
            "x-shard0-" + ordinal,
            "uid" + ordinal,
            0,
            ordinal,
            null,
            "node-1",
            NOW,
            false,
            ready,
            PodView.Container.RUNNING,
            null),
        new Sight.Unaddressed());
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
  void isNotReadyWhileTheServiceLeadsNowhere() {
    RedisStatus status =
        StatusBuilder.status(null, report(true, health(SlotSet.ALL, true, WHOLE), false, NOW));
    assertReady(status, "False", Reason.NoReadyPod);
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
  void whatTheUserMustMendComesFirst() {
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
}
