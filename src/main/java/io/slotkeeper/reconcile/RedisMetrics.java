package io.slotkeeper.reconcile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.plan.Action;
import io.slotkeeper.report.Failovers;
import io.slotkeeper.report.Failovers.Failover;
import io.slotkeeper.report.Figure;
import io.slotkeeper.report.Figures;
import io.slotkeeper.report.MovedSlots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of each Redis: at most {@link #MOST_SERIES} time series, from the status that a pass
 * reports. No server is asked for them.
 */
public final class RedisMetrics {
  static final int MOST_SERIES = 20;

  private final MeterRegistry registry;
  private final InstantSource clock;

  /** A Redis that was created again replaces the one of its name, whose series are the same. */
  private final Map<Name, Series> all = new ConcurrentHashMap<>();

  private record Name(String namespace, String name) {
    Tags tags() {
      return Tags.of("namespace", namespace, "redis", name);
    }
  }

  public RedisMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * @param before the status before the pass
   * @param done what was done in it
   */
  void passed(Redis redis, @Nullable RedisStatus before, RedisStatus after, List<Action> done) {
    Name name = new Name(redis.getMetadata().getNamespace(), redis.getMetadata().getName());
    String uid = redis.getMetadata().getUid();
    Instant now = clock.instant();
    all.compute(
        name,
        (_, old) -> {
          if (old != null && !old.uid.equals(uid)) {
            old.remove();
          }
          Series series =
              old == null || !old.uid.equals(uid) ? new Series(uid, name.tags(), before) : old;
          series.show(Figures.of(redis, after, now));
          if (series.hasSlots()) {
            series.moved(MovedSlots.between(before, after));
          }
          series.failovers.next(after, done, now).forEach(series::count);
          return series;
        });
  }

  /** Removes the series of all others. */
  void retain(Set<String> uids) {
    all.keySet()
        .forEach(name ->
            all.computeIfPresent(
                name,
                (_, series) -> {
                  if (uids.contains(series.uid)) {
                    return series;
                  }
                  series.remove();
                  return null;
                }));
  }

  /** Those of one Redis. Changed by one thread at a time, read by any. */
  private final class Series {
    private final String uid;
    private final Tags tags;
    private final Failovers failovers;

    private final Map<Figure, Double> shown = new ConcurrentHashMap<>();
    private final Map<Figure, Meter> gauges = new HashMap<>();
    private final Map<Failovers.Kind, Counter> counters = new EnumMap<>(Failovers.Kind.class);
    private @Nullable Counter moves;
    private @Nullable Meter lastFailover;
    private volatile double lastFailoverSeconds;

    private Series(String uid, Tags tags, @Nullable RedisStatus before) {
      this.uid = uid;
      this.tags = tags;
      failovers = new Failovers(before);
      for (Failovers.Kind kind : Failovers.Kind.values()) {
        counters.put(
            kind,
            Counter.builder("slotkeeper.redis.failovers")
                .description("Failovers, by what began them")
                .tags(tags.and("kind", kind.label()))
                .register(registry));
      }
    }

    private void show(Map<Figure, Double> figures) {
      List.copyOf(gauges.keySet()).stream()
          .filter(figure -> !figures.containsKey(figure))
          .filter(figure -> figure.kind() != Figure.Kind.LAST_SEEN) // it was then, all the same
          .forEach(figure -> {
            Optional.ofNullable(gauges.remove(figure)).ifPresent(registry::remove);
            shown.remove(figure);
          });
      shown.putAll(figures);
      figures.keySet().forEach(figure -> gauges.computeIfAbsent(figure, this::gauge));
    }

    private Meter gauge(Figure figure) {
      Figure.Kind kind = figure.kind();
      Gauge.Builder<?> builder =
          Gauge.builder(kind.metric(), () -> shown.getOrDefault(figure, Double.NaN))
              .description(kind.description())
              .tags(tags);
      for (int i = 0; i < kind.labels().size(); i++) {
        builder.tags(Tags.of(Tag.of(kind.labels().get(i), figure.values().get(i))));
      }
      return (kind.unit().isEmpty() ? builder : builder.baseUnit(kind.unit())).register(registry);
    }

    private boolean hasSlots() {
      return gauges.keySet().stream().anyMatch(figure -> figure.kind() == Figure.Kind.SLOTS_SERVED);
    }

    private void moved(int slots) {
      if (moves == null) {
        moves =
            Counter.builder("slotkeeper.redis.slots.moved")
                .description("Slots of a cluster that have moved to another shard")
                .tags(tags)
                .register(registry);
      }
      moves.increment(slots);
    }

    private void count(Failover failover) {
      Optional.ofNullable(counters.get(failover.kind())).ifPresent(Counter::increment);
      failover.took().ifPresent(took -> lasted(took.toMillis() / 1000d));
    }

    private void lasted(double seconds) {
      lastFailoverSeconds = seconds;
      if (lastFailover == null) {
        lastFailover =
            Gauge.builder("slotkeeper.redis.last.failover.duration", () -> lastFailoverSeconds)
                .description("How long the last failover took, as far as the operator saw it")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
      }
    }

    private void remove() {
      Stream.of(
              gauges.values().stream(),
              counters.values().stream(),
              Stream.ofNullable(moves),
              Stream.ofNullable(lastFailover))
          .flatMap(meters -> meters)
          .forEach(registry::remove);
    }
  }
}
