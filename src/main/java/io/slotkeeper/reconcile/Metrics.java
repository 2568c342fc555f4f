package io.slotkeeper.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The operator's own metrics; {@code docs/monitoring.md} lists them. */
public final class Metrics {
  private final MeterRegistry registry;
  private final Optional<RedisMetrics> perRedis;
  private final Map<String, Phase> phases = new ConcurrentHashMap<>();

  /**
   * @param perRedis the series of each Redis; empty where they are off, and no label names one
   */
  public Metrics(MeterRegistry registry, String version, Optional<RedisMetrics> perRedis) {
    this.registry = registry;
    this.perRedis = perRedis;
    Gauge.builder("slotkeeper.build.info", () -> 1)
        .description("The operator's version, as a label")
        .tag("version", version)
        .register(registry);
    for (Phase phase : Phase.values()) {
      Gauge.builder("slotkeeper.redises", phases, all -> count(all, phase))
          .description("Redis resources by phase")
          .tag("phase", phase.name())
          .register(registry);
    }
  }

  /**
   * @param leads whether this replica acts
   */
  public void leading(BooleanSupplier leads) {
    Gauge.builder("slotkeeper.leader", () -> leads.getAsBoolean() ? 1 : 0)
        .description("1 on the replica that acts")
        .register(registry);
  }

  private static double count(Map<String, Phase> phases, Phase phase) {
    return phases.values().stream().filter(p -> p == phase).count();
  }

  void passed(
      Redis redis, @Nullable RedisStatus before, RedisStatus status, List<Outcome> outcomes) {
    perRedis.ifPresent(series -> series.passed(redis, before, status, Outcome.done(outcomes)));
    if (status.phase() != null) {
      phases.put(redis.getMetadata().getUid(), status.phase());
    }
    for (Outcome outcome : outcomes) {
      registry
          .counter(
              "slotkeeper.actions",
              "action",
              outcome.action().getClass().getSimpleName(),
              "outcome",
              outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
          .increment();
      if (outcome instanceof Outcome.Refused refused) {
        registry
            .counter(
                "slotkeeper.refusals", "reason", refused.cause().name().toLowerCase(Locale.ROOT))
            .increment();
      }
    }
  }

  /** Keeps only what still exists. */
  void retain(Set<String> uids) {
    phases.keySet().retainAll(uids);
    perRedis.ifPresent(series -> series.retain(uids));
  }
}
