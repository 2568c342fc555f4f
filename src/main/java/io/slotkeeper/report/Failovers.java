package io.slotkeeper.report;

import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.plan.Action;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PodName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notices the failovers of one Redis, from one status to the next. For one thread at a time. */
public final class Failovers {
  /** An order that has led to nothing for this long is not what a later failover comes from. */
  private static final Duration MEMORY = Duration.ofMinutes(1);

  /** Where a failover came from. */
  public enum Kind {
    /** The operator ordered it, because the master was dead. */
    FORCED,
    /** The operator ordered it, for an update or a move. */
    PLANNED,
    /** The servers did it: a vote, or a master that handed over before its pod stopped. */
    OTHER;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A shard has another master than before.
   *
   * @param took from the first pass that missed the master, or ordered the failover, to the one
   *     that saw the successor; empty where the operator saw only the latter
   */
  public record Failover(Kind kind, Optional<Duration> took) {}

  private record Begun(Kind kind, Instant at) {}

  /** By the name of the shard. */
  private final Map<String, String> masters = new HashMap<>();

  private final Map<String, Instant> missed = new HashMap<>();
  private final Map<String, Begun> begun = new HashMap<>();

  /**
   * @param before what was known before the first pass
   */
  public Failovers(@Nullable RedisStatus before) {
    if (before != null && before.phase() != Phase.Halted) {
      before.shards().stream()
          .filter(shard -> Figures.serves(before, shard))
          .forEach(shard -> masters.put(shard.name(), String.valueOf(shard.master())));
    }
  }

  /**
   * @param after the status of this pass
   * @param done what was done in this pass, after it had looked
   */
  public List<Failover> next(RedisStatus after, List<Action> done, Instant now) {
    List<Failover> found = new ArrayList<>();
    if (after.phase() == Phase.Halted) {
      masters.clear(); // all stopped: the next masters take over from none
      missed.clear();
      begun.clear();
    }
    if (Figures.isKnown(after)) {
      masters.keySet().retainAll(after.shards().stream().map(ShardStatus::name).toList());
      after.shards().forEach(shard -> look(after, shard, now).ifPresent(found::add));
      missed.keySet().retainAll(masters.keySet());
    }
    begun.values().removeIf(order -> order.at().plus(MEMORY).isBefore(now));
    done.forEach(action -> order(action, now));
    return found;
  }

  private Optional<Failover> look(RedisStatus after, ShardStatus shard, Instant now) {
    String name = shard.name();
    if (!Figures.serves(after, shard)) {
      missed.putIfAbsent(name, now);
      return Optional.empty();
    }
    String master = String.valueOf(shard.master());
    String former = masters.put(name, master);
    Instant since = missed.remove(name);
    if (former == null) {
      begun.remove(name); // that made it the first master
      return Optional.empty();
    }
    if (former.equals(master)) {
      return Optional.empty();
    }
    Begun order = begun.remove(name);
    Optional<Duration> took =
        Optional.ofNullable(since)
            .or(() -> Optional.ofNullable(order).map(Begun::at))
            .map(start -> Duration.between(start, now))
            .filter(duration -> !duration.isNegative());
    return Optional.of(new Failover(order == null ? Kind.OTHER : order.kind(), took));
  }

  private void order(Action action, Instant now) {
    switch (action) {
      case Action.ForceFailover a -> order(a.replica().pod(), Kind.FORCED, now);
      case Action.Takeover a -> order(a.failover().replica().pod(), Kind.FORCED, now);
      case Action.Promote a -> order(a.node().pod(), Kind.FORCED, now);
      case Action.PlannedFailover a -> order(a.replica().pod(), Kind.PLANNED, now);
      case Action.HandOver a -> order(a.replica().pod(), Kind.PLANNED, now);
      default -> {} // changes no master
    }
  }

  private void order(String pod, Kind kind, Instant now) {
    PodName.parse(pod)
        .map(name -> new Names(name.redis()).shard(name.shard()))
        .ifPresent(shard -> begun.putIfAbsent(shard, new Begun(kind, now)));
  }
}
