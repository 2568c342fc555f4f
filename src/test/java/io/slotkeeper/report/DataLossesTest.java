package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.plan.Health;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.EventRecord;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataLossesTest {
  private static final RedisStatus FULL = after(null, Reports.shard(7, "first"));

  private static RedisStatus after(@Nullable RedisStatus before, Health.Shard shard) {
    return after(before, Reports.health(SlotSet.ALL, true, shard), Reports.NOW);
  }

  private static RedisStatus after(@Nullable RedisStatus before, Health health, Instant now) {
    return StatusBuilder.status(
        before,
        new Reports()
            .with(it -> {
              it.health = health;
              it.now = now;
            })
            .report());
  }

  private static Condition told(RedisStatus status) {
    return Conditions.find(status.conditions(), ConditionType.DataLost).orElseThrow();
  }

  private static boolean isLost(RedisStatus status) {
    return told(status).getStatus().equals("True");
  }

  @Test
  void aShardThatComesBackEmptyHasLostItsKeys() {
    RedisStatus lost = after(FULL, Reports.shard(0, "second"));
    assertThat(isLost(lost)).isTrue();
    assertThat(told(lost).getReason()).isEqualTo("DataLost");
    assertThat(told(lost).getMessage())
        .contains("slots 0-16383 (x-shard0)", "2026-01-02T03:04:05Z");
    assertThat(EventRecords.of(FULL, lost, Map.of(), List.of(), List.of()))
        .extracting(EventRecord::reason)
        .containsExactly("DataLost");
  }

  @Test
  void alsoAfterATimeInWhichNoServerAnswered() {
    RedisStatus dark = after(FULL, Reports.dark("first"), Reports.NOW);
    assertThat(isLost(dark)).isFalse();
    assertThat(isLost(after(dark, Reports.shard(0, "second")))).isTrue();
  }

  @Test
  void whatClientsDeletedIsNotLost() {
    assertThat(isLost(after(FULL, Reports.shard(0, "first")))).isFalse();
  }

  @Test
  void aRestartOrFailoverThatKeepsKeysIsNoLoss() {
    assertThat(isLost(after(FULL, Reports.shard(7, "first", "second")))).isFalse();
    assertThat(isLost(after(FULL, Reports.shard(7, "second")))).isFalse();
  }

  @Test
  void aShardThatNeverHeldKeysHasNoneToLose() {
    RedisStatus empty = after(null, Reports.shard(0, "first"));
    assertThat(isLost(after(empty, Reports.shard(0, "second")))).isFalse();
    assertThat(isLost(after(null, Reports.shard(0, "second")))).isFalse();
  }

  @Test
  void isShownForADayAndReportedOnce() {
    RedisStatus lost = after(FULL, Reports.shard(0, "second"));
    Health refilled = Reports.health(SlotSet.ALL, true, Reports.shard(9, "second"));
    RedisStatus later = after(lost, refilled, Reports.NOW.plus(Duration.ofHours(23)));
    assertThat(told(later)).isEqualTo(told(lost));
    assertThat(EventRecords.of(lost, later, Map.of(), List.of(), List.of())).isEmpty();
    RedisStatus nextDay = after(later, refilled, Reports.NOW.plus(Duration.ofHours(25)));
    assertThat(isLost(nextDay)).isFalse();
    assertThat(told(nextDay).getReason()).isEqualTo("NoDataLost");
  }

  @Test
  void anotherLossIsReportedAsWell() {
    RedisStatus lost = after(FULL, Reports.shard(0, "second"));
    RedisStatus refilled = after(lost, Reports.shard(9, "second"));
    Instant later = Reports.NOW.plusSeconds(60);
    RedisStatus again =
        after(refilled, Reports.health(SlotSet.ALL, true, Reports.shard(0, "third")), later);
    assertThat(told(again).getLastTransitionTime()).isEqualTo(later.toString());
    assertThat(told(again).getMessage()).contains("03:05:05Z", "03:04:05Z");
    assertThat(EventRecords.of(refilled, again, Map.of(), List.of(), List.of())).hasSize(1);
  }
}
