package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.reasons.EventRecord;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventRecordsTest {
  private static final Condition HEALING = condition("Progressing", "True", "Healing");
  private static final Condition STUCK = condition("Progressing", "False", "ShardLost");

  private static Condition condition(String type, String status, String reason) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage("It is so.")
        .build();
  }

  private static RedisStatus status(String master, Condition... conditions) {
    return new RedisStatus(
        Phase.Healing,
        1L,
        List.of(conditions),
        null,
        1,
        "1/1",
        "a=b",
        List.of(
            new ShardStatus(
                "x-shard0", "0-16383", 16384, master, List.of(), List.of(), true, null, null)),
        List.of(),
        null,
        null);
  }

  private static List<String> reasons(RedisStatus before, RedisStatus after) {
    return EventRecords.of(before, after, Map.of("x-shard0", "a"), List.of(), List.of()).stream()
        .map(EventRecord::reason)
        .toList();
  }

  @Test
  void whatStaysAsItWasIsNoNews() {
    RedisStatus status = status("a", HEALING, condition("Degraded", "True", "MasterDown"));
    assertThat(reasons(status, status)).isEmpty();
  }

  @Test
  void healingIsReportedOnceWhateverItsStages() {
    RedisStatus well = status("a", condition("Degraded", "False", "AsExpected"));
    RedisStatus down = status("a", HEALING, condition("Degraded", "True", "MasterDown"));
    RedisStatus waiting = status("a", HEALING, condition("Degraded", "True", "WaitingForPods"));
    assertThat(reasons(well, down)).containsExactly("MasterDown");
    assertThat(reasons(down, waiting)).isEmpty();
  }

  @Test
  void whatNeedsTheUserIsReportedWhenItShows() {
    RedisStatus waiting = status("a", HEALING, condition("Degraded", "True", "WaitingForPods"));
    RedisStatus lost = status("a", STUCK, condition("Degraded", "True", "ShardLost"));
    assertThat(reasons(waiting, lost)).containsExactly("ShardLost");
  }

  @Test
  void anotherMasterIsReportedByItsName() {
    List<EventRecord> notices =
        EventRecords.of(status("a"), status("b"), Map.of("x-shard0", "a"), List.of(), List.of());
    assertThat(notices)
        .containsExactly(
            new EventRecord(
                false, "FailedOver", "Failover", "b is master of slots 0-16383 in place of a."));
  }

  @Test
  void manyObjectsMakeOneShortEvent() {
    List<String> created =
        java.util.stream.IntStream.range(0, 100).mapToObj(i -> "StatefulSet s" + i).toList();
    assertThat(EventRecords.of(null, status("a"), Map.of(), created, List.of()))
        .singleElement()
        .extracting(EventRecord::note)
        .asString()
        .startsWith("Created StatefulSet s0, ")
        .endsWith(" and 88 more.");
  }

  private static final NodeId MASTER = new NodeId("a".repeat(40));
  private static final ServerRef REPLICA =
      new ServerRef("x-shard0-1", "uid", "10.0.0.2", new NodeId("b".repeat(40)));

  private static EventRecord done(Action... actions) {
    List<EventRecord> notices =
        EventRecords.of(status("a"), status("a"), Map.of(), List.of(), List.of(actions));
    assertThat(notices).hasSize(1);
    return notices.getFirst();
  }

  private static Action.ForceFailover failover(@Nullable String pod) {
    return new Action.ForceFailover(REPLICA, MASTER, pod, "id", "its container has ended");
  }

  @Test
  void aFailoverSaysOnWhatEvidence() {
    assertThat(done(failover("x-shard0-0")))
        .isEqualTo(
            new EventRecord(
                true,
                "FailoverStarted",
                "ForceFailover",
                "x-shard0-1 takes over from x-shard0-0: its container has ended."));
    assertThat(done(failover(null)).note()).contains(MASTER.brief());
  }

  @Test
  void aTakeoverSaysThatThereWasNoVote() {
    EventRecord notice =
        done(
            new Action.Takeover(
                failover("x-shard0-0"), List.of(new Action.Dead(MASTER, "x-shard0-0", Set.of()))));
    assertThat(notice.warning()).isTrue();
    assertThat(notice.reason()).isEqualTo("TakeoverStarted");
    assertThat(notice.note()).contains("without a vote", "1 masters are dead");
  }

  @Test
  void aHandOverIsNormal() {
    EventRecord notice = done(new Action.PlannedFailover(REPLICA, MASTER, "x-shard0-0"));
    assertThat(notice.warning()).isFalse();
    assertThat(notice.reason()).isEqualTo("HandOverStarted");
  }

  @Test
  void anAcceptedLossNamesTheSlots() {
    EventRecord notice =
        done(
            new Action.ReassignLostSlots(
                REPLICA, MASTER, SlotSet.range(0, 99), Set.of("x-shard0-1"), Set.of()));
    assertThat(notice.warning()).isTrue();
    assertThat(notice.reason()).isEqualTo("LossAccepted");
    assertThat(notice.note()).contains("x-shard0-1", "0-99");
  }

  @Test
  void aRemovedShardIsReported() {
    EventRecord notice = done(new Action.RemoveShard(2, List.of(REPLICA), List.of()));
    assertThat(notice.reason()).isEqualTo("ShardRemoved");
    assertThat(notice.note()).contains("Shard 2");
  }

  @Test
  void forgottenNodesAreOneEvent() {
    NodeId other = new NodeId("c".repeat(40));
    EventRecord notice =
        done(
            new Action.Forget(REPLICA, MASTER, false),
            new Action.Forget(REPLICA, MASTER, false),
            new Action.Forget(REPLICA, other, false));
    assertThat(notice.reason()).isEqualTo("NodesForgotten");
    assertThat(notice.note()).contains(MASTER.brief() + ", " + other.brief());
  }

  @Test
  void routineIsNoNews() {
    assertThat(
            EventRecords.of(
                status("a"),
                status("a"),
                Map.of(),
                List.of(),
                List.of(
                    new Action.Meet(REPLICA, REPLICA, false),
                    new Action.Replicate(REPLICA, MASTER, "x-shard0-0"),
                    new Action.SetNodeTimeout(REPLICA, 5000))))
        .isEmpty();
  }
}
