package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.report.Figure.Kind;
import io.slotkeeper.testing.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000, 500_000_000);
  private static final RedisStatus WELL = Statuses.cluster("x-shard0-0", "x-shard1-0");

  private static Map<Figure, Double> of(RedisStatus status) {
    return Figures.of(Statuses.cluster(), status, NOW);
  }

  private static Figure figure(Kind kind, String... values) {
    return new Figure(kind, List.of(values));
  }

  private static RedisStatus unknown(RedisStatus before) {
    return UnknownStatus.of(before, 1, new Problem(Reason.ReconcileFailed, "It failed."), NOW);
  }

  @Test
  void aClusterThatIsWell() {
    assertThat(of(WELL))
        .containsOnly(
            Map.entry(figure(Kind.INFO, "Cluster", "7.0.15", "Running"), 1.0),
            Map.entry(figure(Kind.READY), 1.0),
            Map.entry(figure(Kind.DEGRADED), 0.0),
            Map.entry(figure(Kind.APPLIED), 1.0),
            Map.entry(figure(Kind.SHARDS, "wanted"), 2.0),
            Map.entry(figure(Kind.SHARDS, "serving"), 2.0),
            Map.entry(figure(Kind.PODS, "wanted"), 4.0),
            Map.entry(figure(Kind.PODS, "ready"), 4.0),
            Map.entry(figure(Kind.REPLICAS, "wanted"), 2.0),
            Map.entry(figure(Kind.REPLICAS, "attached"), 2.0),
            Map.entry(figure(Kind.REPLICAS, "in_sync"), 2.0),
            Map.entry(figure(Kind.SLOTS_SERVED), 16384.0),
            Map.entry(figure(Kind.SLOTS_TO_MOVE), 0.0),
            Map.entry(figure(Kind.LAST_PASS), 1000.5),
            Map.entry(figure(Kind.LAST_SEEN), 1000.5));
  }

  @Test
  void aModeWithOnePrimaryHasNoSlots() {
    Redis redis = Statuses.redis("x", "mode: Sentinel, sentinel: {replicas: 1}");

    assertThat(Figures.of(redis, Statuses.sentinel("x-shard0-0"), NOW))
        .containsEntry(figure(Kind.INFO, "Sentinel", "7.0.15", "Running"), 1.0)
        .containsEntry(figure(Kind.PRIMARY), 1.0)
        .containsEntry(figure(Kind.SENTINELS), 1.0)
        .containsEntry(figure(Kind.SHARDS, "serving"), 1.0)
        .doesNotContainKeys(figure(Kind.SLOTS_SERVED), figure(Kind.SLOTS_TO_MOVE));
    assertThat(Figures.of(redis, Statuses.standalone("x-shard0-0"), NOW))
        .containsEntry(figure(Kind.PRIMARY), 1.0)
        .doesNotContainKey(figure(Kind.SENTINELS));
  }

  @ParameterizedTest
  @CsvSource({
    "False, SlotsNotServed, 8192",
    "False, NodesDisagree, 16384",
    "True, AllSlotsServed, 16384"
  })
  void slotsOfAShardWithoutMasterAreNotServed(String covered, String reason, double served) {
    RedisStatus status =
        Statuses.status(
            "ClusterFormed",
            "1 of 2 replicas are in sync.",
            "3/4",
            "- {name: x-shard0, slotCount: 8192, master: m}\n- {name: x-shard1}\n");
    status = with(status, "SlotsCovered", covered, reason);

    assertThat(of(status))
        .containsEntry(figure(Kind.SLOTS_SERVED), served)
        .containsEntry(figure(Kind.SHARDS, "serving"), 1.0)
        .containsEntry(figure(Kind.REPLICAS, "in_sync"), 1.0)
        .containsEntry(figure(Kind.PODS, "ready"), 3.0);
  }

  private static RedisStatus with(RedisStatus status, String type, String word, String reason) {
    return status.withConditions(
        Stream.concat(
                status.conditions().stream(),
                Stream.of(
                    new ConditionBuilder()
                        .withType(type)
                        .withStatus(word)
                        .withReason(reason)
                        .build()))
            .toList());
  }

  /** What was seen before need not be so any more: a number of it would be a lie. */
  @Test
  void whatCouldNotBeSeenHasNoNumber() {
    assertThat(of(unknown(WELL)))
        .containsOnly(
            Map.entry(figure(Kind.INFO, "Cluster", "7.0.15", "Failed"), 1.0),
            Map.entry(figure(Kind.READY), 0.0),
            Map.entry(figure(Kind.APPLIED), 0.0),
            Map.entry(figure(Kind.SHARDS, "wanted"), 2.0),
            Map.entry(figure(Kind.REPLICAS, "wanted"), 2.0),
            Map.entry(figure(Kind.LAST_PASS), 1000.5));
  }

  @Test
  void beforeTheFirstLookTheModeIsNotKnown() {
    assertThat(of(unknown(RedisStatus.EMPTY)))
        .containsEntry(figure(Kind.INFO, "", "", "Failed"), 1.0)
        .doesNotContainKeys(figure(Kind.SLOTS_SERVED), figure(Kind.PRIMARY));
  }

  @Test
  void aSpecThatCannotBeReadWantsNoNumber() {
    Redis redis = Statuses.cluster();
    redis.setUnreadable("spec.mode");

    assertThat(Figures.of(redis, WELL, NOW))
        .doesNotContainKeys(figure(Kind.SHARDS, "wanted"), figure(Kind.REPLICAS, "wanted"))
        .containsEntry(figure(Kind.SHARDS, "serving"), 2.0);
  }

  /** A server says its version itself, so it could say anything. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "7.0.15\\\"} 1\\n", "7", "7.0.15-rc1", "77777.1"})
  void aVersionThatIsNoneIsNoLabel(String version) {
    RedisStatus status =
        Serialization.unmarshal(
            "phase: Running\nversion: \"%s\"\n".formatted(version), RedisStatus.class);

    assertThat(of(status)).containsEntry(figure(Kind.INFO, "", "", "Running"), 1.0);
    assertThat(status.phase()).isEqualTo(Phase.Running);
  }
}
