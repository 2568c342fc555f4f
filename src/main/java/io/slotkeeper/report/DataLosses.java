package io.slotkeeper.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shards that serve their slots again without the data they held. Where every server of a shard
 * ends at once and none keeps its data on a volume, the start script lets the master open its port
 * empty once no replica is left to wait for: a cache must continue without human help. That is a
 * loss, and the servers do not report it: slots, node ids and roles are as before.
 *
 * <p>It shows in the replication id. A server takes a new one when it starts and when it is
 * promoted (server.c:changeReplicationId), so a shard that held keys, and now has none under an id
 * that it did not have, has lost them. FLUSHALL and expiry leave the id as it is.
 */
final class DataLosses {
  /** How long the condition shows it. */
  private static final Duration SHOWN = Duration.ofDays(1);

  private static final int LONGEST = 1000;

  private DataLosses() {}

  /**
   * @param shards as they are reported now
   */
  static Optional<String> found(
      @Nullable RedisStatus before, List<ShardStatus> shards, Mode mode, Instant now) {
    if (before == null) {
      return Optional.empty();
    }
    List<ShardStatus> lost =
        shards.stream()
            .filter(shard ->
                before.shards().stream()
                    .filter(old -> old.name().equals(shard.name()))
                    .anyMatch(old -> serves(shard, mode) && isLost(old, shard)))
            .toList();
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: %s served again without the keys that were there. Every server with a copy of them ended at once, and none had the data on disk (or all keys expired meanwhile)."
                .formatted(
                    now.truncatedTo(ChronoUnit.SECONDS),
                    mode == Mode.Cluster ? "slots " + slots(lost) + " are" : "clients are"));
  }

  private static String slots(List<ShardStatus> shards) {
    return shards.stream()
        .map(shard -> "%s (%s)".formatted(shard.slots(), shard.name()))
        .collect(Collectors.joining(", "));
  }

  private static boolean serves(ShardStatus shard, Mode mode) {
    return shard.master() != null && (mode != Mode.Cluster || shard.slotCount() > 0);
  }

  private static boolean isLost(ShardStatus before, ShardStatus now) {
    return before.holdsKeys()
        && !now.holdsKeys()
        && !before.replicationIds().isEmpty()
        && !now.replicationIds().isEmpty()
        && !before.replicationIds().contains(now.replicationIds().getLast());
  }

  /** Sets the condition. */
  static void tell(
      Conditions conditions, List<Condition> before, Optional<String> found, Instant now) {
    Optional<Condition> shown =
        Conditions.find(before, ConditionType.DataLost)
            .filter(old -> "True".equals(old.getStatus()))
            .filter(old -> Instant.parse(old.getLastTransitionTime()).plus(SHOWN).isAfter(now));
    if (found.isPresent()) {
      String text = found.get() + shown.map(old -> " " + old.getMessage()).orElse("");
      conditions.renew(
          ConditionType.DataLost,
          Reason.DataLost,
          text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
    } else if (shown.isPresent()) {
      conditions.set(ConditionType.DataLost, true, Reason.DataLost, shown.get().getMessage());
    } else {
      conditions.set(
          ConditionType.DataLost, false, Reason.NoDataLost, "No loss of keys in the last day.");
    }
  }
}
