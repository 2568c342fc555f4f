package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.report.Figure;
import io.slotkeeper.testing.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RedisMetricsTest {
  private static final RedisStatus WELL = Statuses.cluster("x-shard0-0", "x-shard1-0");
  private static final RedisStatus DEAD = Statuses.cluster("", "x-shard1-0");
  private static final RedisStatus OTHER = Statuses.cluster("x-shard0-1", "x-shard1-0");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Metrics metrics =
      new Metrics(
          registry,
          "test",
          Optional.of(new RedisMetrics(registry, () -> Instant.ofEpochSecond(9))));
  private final Redis redis = Statuses.cluster();

  private void pass(@Nullable RedisStatus before, RedisStatus after) {
    metrics.passed(redis, before, after, List.of());
  }

  /** The series whose labels name a Redis, with their values. */
  private Stream<String> series() {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.contains("redis=\""))
        .map(line -> line.replaceAll("(namespace|redis)=\"\\w+\",?", ""))
        .map(line -> line.replace(",}", "}").replace("{}", ""));
  }

  @Test
  void areWhatTheStatusSays() {
    pass(WELL, WELL);

    assertThat(series())
        .contains(
            "slotkeeper_redis_info{mode=\"Cluster\",phase=\"Running\",version=\"7.0.15\"} 1",
            "slotkeeper_redis_ready 1.0",
            "slotkeeper_redis_slots_served 16384.0",
            "slotkeeper_redis_replicas{state=\"in_sync\"} 2.0",
            "slotkeeper_redis_failovers_total{kind=\"forced\"} 0.0",
            "slotkeeper_redis_slots_moved_total 0.0",
            "slotkeeper_redis_last_pass_timestamp_seconds 9.0");
  }

  @Test
  void aChangedLabelReplacesItsSeries() {
    pass(WELL, WELL);
    pass(WELL, WELL.with(Phase.Healing, 1, List.of()));

    assertThat(series().filter(line -> line.contains("_info")))
        .hasSize(1)
        .first()
        .asString()
        .contains("phase=\"Healing\"");
    assertThat(series()).noneMatch(line -> line.contains("slots_served"));
  }

  @Test
  void theTimeOfTheLastLookStays() {
    pass(WELL, WELL);
    pass(WELL, WELL.withConditions(List.of()));

    assertThat(series())
        .contains("slotkeeper_redis_ready 0.0", "slotkeeper_redis_last_seen_timestamp_seconds 9.0")
        .noneMatch(line -> line.contains("slots_served"));
  }

  @Test
  void countFailovers() {
    pass(WELL, WELL);
    pass(WELL, DEAD);
    pass(DEAD, OTHER);

    assertThat(series())
        .contains(
            "slotkeeper_redis_failovers_total{kind=\"other\"} 1.0",
            "slotkeeper_redis_last_failover_duration_seconds 0.0");
  }

  @Test
  void theirNumberIsLimitedInEachMode() {
    pass(WELL, WELL);
    pass(WELL, DEAD);
    pass(DEAD, OTHER);
    assertThat(series()).hasSize(RedisMetrics.MOST_SERIES);

    metrics.retain(Set.of());
    Function<String, RedisStatus> sentinel = Statuses::sentinel;
    pass(sentinel.apply("x-shard0-0"), sentinel.apply(""));
    pass(sentinel.apply(""), sentinel.apply("x-shard0-1"));
    assertThat(series()).hasSizeLessThanOrEqualTo(RedisMetrics.MOST_SERIES);
  }

  /** All that a Redis can become in its life leaves no more series than one pass. */
  @Test
  void theirNumberDoesNotGrowWithTime() {
    List<Phase> phases = List.of(Phase.values());
    IntStream.range(0, 100)
        .forEach(i -> {
          pass(WELL, WELL.with(phases.get(i % phases.size()), i, WELL.conditions()));
          pass(WELL, Statuses.cluster("pod-" + i, "other-pod-" + i));
        });

    assertThat(series()).hasSizeLessThanOrEqualTo(RedisMetrics.MOST_SERIES);
  }

  @Test
  void labelsHaveFewValues() {
    assertThat(Figure.Kind.values())
        .flatExtracting(Figure.Kind::labels)
        .containsOnly("mode", "version", "phase", "state");
  }

  @Test
  void goWithTheRedis() {
    pass(WELL, WELL);
    pass(DEAD, OTHER);
    metrics.retain(Set.of("uid of x"));
    assertThat(series()).isNotEmpty();

    metrics.retain(Set.of("uid of another"));

    assertThat(series()).isEmpty();
    assertThat(registry.getMeters().stream().map(Meter::getId))
        .noneMatch(id -> id.getTags().contains(Tag.of("redis", "x")));
  }

  @Test
  void oneCreatedAgainBeginsAnew() {
    pass(WELL, WELL);
    pass(WELL, OTHER);
    redis.getMetadata().setUid("uid of its successor");
    pass(null, DEAD);

    assertThat(series())
        .contains(
            "slotkeeper_redis_failovers_total{kind=\"other\"} 0.0",
            "slotkeeper_redis_shards{state=\"serving\"} 1.0");
    metrics.retain(Set.of("uid of its successor"));
    assertThat(series()).isNotEmpty();
  }

  @Test
  void canBeOff() {
    PrometheusMeterRegistry other = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new Metrics(other, "test", Optional.empty()).passed(redis, WELL, OTHER, List.of());

    assertThat(other.scrape()).contains("slotkeeper_redises").doesNotContain("redis=\"");
  }
}
