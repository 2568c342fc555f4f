package io.slotkeeper.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.report.Figure.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of a status. What the status does not know has no number: a zero would be a claim.
 */
public final class Figures {
  /** A server reports its version itself. */
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}(\\.\\d{1,4}){1,3}");

  private static final Pattern READY_PODS = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

  private final RedisStatus status;
  private final Map<Figure, Double> numbers = new LinkedHashMap<>();

  private Figures(RedisStatus status) {
    this.status = status;
  }

  /**
   * @param status as of now
   */
  public static Map<Figure, Double> of(Redis redis, RedisStatus status, Instant now) {
    Figures figures = new Figures(status);
    figures.always(now);
    if (redis.getUnreadable() == null) {
      figures.wanted(redis.getSpec());
    }
    if (isKnown(status)) {
      figures.seen(now);
    }
    return figures.numbers;
  }

  /** A pass that could not look keeps what was seen before, which need not hold any more. */
  static boolean isKnown(RedisStatus status) {
    return Conditions.find(status.conditions(), ConditionType.Ready)
        .filter(ready -> !"Unknown".equals(ready.getStatus()))
        .isPresent();
  }

  private void always(Instant now) {
    put(
        1,
        Kind.INFO,
        mode().map(Mode::name).orElse(""),
        status.version() != null && VERSION.matcher(status.version()).matches()
            ? status.version()
            : "",
        status.phase() == null ? "" : status.phase().name());
    put(flag(ConditionType.Ready), Kind.READY);
    put(flag(ConditionType.ConfigurationApplied), Kind.APPLIED);
    put(now.toEpochMilli() / 1000d, Kind.LAST_PASS);
  }

  private void wanted(RedisSpec spec) {
    put(spec.shards(), Kind.SHARDS, "wanted");
    put((double) spec.shards() * spec.replicas(), Kind.REPLICAS, "wanted");
  }

  private void seen(Instant now) {
    put(now.toEpochMilli() / 1000d, Kind.LAST_SEEN);
    put(flag(ConditionType.Degraded), Kind.DEGRADED);
    put(
        (double) status.shards().stream().filter(shard -> serves(status, shard)).count(),
        Kind.SHARDS,
        "serving");
    put(
        status.shards().stream().mapToInt(shard -> shard.replicas().size()).sum(),
        Kind.REPLICAS,
        "attached");
    ReplicaCount.of(status.conditions())
        .ifPresent(replicas -> put(replicas.inSync(), Kind.REPLICAS, "in_sync"));
    Matcher pods = READY_PODS.matcher(String.valueOf(status.readyPods()));
    if (pods.matches()) {
      put(Integer.parseInt(pods.group(1)), Kind.PODS, "ready");
      put(Integer.parseInt(pods.group(2)), Kind.PODS, "wanted");
    }
    mode().ifPresent(this::ofMode);
  }

  private void ofMode(Mode mode) {
    switch (mode) {
      case Cluster -> {
        put(slotsServed(), Kind.SLOTS_SERVED);
        put(
            status.migration() == null ? 0 : status.migration().remainingSlots(),
            Kind.SLOTS_TO_MOVE);
      }
      case Standalone -> put(flag(ConditionType.PrimaryAvailable), Kind.PRIMARY);
      case Sentinel -> {
        put(flag(ConditionType.PrimaryAvailable), Kind.PRIMARY);
        put(flag(ConditionType.SentinelsAgree), Kind.SENTINELS);
      }
    }
  }

  /** All have an owner that answers where the servers only disagree. */
  private double slotsServed() {
    boolean all =
        condition(ConditionType.SlotsCovered)
            .filter(covered ->
                "True".equals(covered.getStatus())
                    || Reason.NodesDisagree.name().equals(covered.getReason()))
            .isPresent();
    return all
        ? SlotSet.COUNT
        : Math.min(SlotSet.COUNT, status.shards().stream().mapToInt(ShardStatus::slotCount).sum());
  }

  /** As the conditions tell it; the spec may ask for another one. Empty before the first look. */
  private Optional<Mode> mode() {
    if (condition(ConditionType.ClusterFormed).isPresent()) {
      return Optional.of(Mode.Cluster);
    }
    return condition(ConditionType.Initialized)
        .map(_ ->
            condition(ConditionType.SentinelsAgree).isPresent() ? Mode.Sentinel : Mode.Standalone);
  }

  /** It has a master that has slots, or, where there are none, a primary. */
  static boolean serves(RedisStatus status, ShardStatus shard) {
    boolean sharded =
        Conditions.find(status.conditions(), ConditionType.PrimaryAvailable).isEmpty();
    return shard.master() != null && (shard.slotCount() > 0 || !sharded);
  }

  private double flag(ConditionType type) {
    return Conditions.isTrue(status.conditions(), type) ? 1 : 0;
  }

  private Optional<Condition> condition(ConditionType type) {
    return Conditions.find(status.conditions(), type);
  }

  private void put(double number, Kind kind, String... values) {
    numbers.put(new Figure(kind, List.of(values)), number);
  }
}
