package io.slotkeeper.report;

import io.slotkeeper.api.MigrationStatus;
import io.slotkeeper.model.Timestamps;
import io.slotkeeper.plan.Resharding;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The progress of a slot migration, from the previous status and the slots that are left. */
final class MigrationStatuses {

  private MigrationStatuses() {}

  static @Nullable MigrationStatus status(
      @Nullable MigrationStatus before,
      Optional<Resharding> resharding,
      boolean balancing,
      Instant now) {
    if (resharding.isEmpty() || !balancing) {
      return null;
    }
    Resharding left = resharding.get();
    if (before == null) {
      return new MigrationStatus(
          0,
          Math.max(0, left.slots()),
          0,
          left.keys(),
          0,
          now.truncatedTo(ChronoUnit.SECONDS).toString(),
          null,
          left.shares());
    }
    boolean sameTarget = left.shares().size() == before.shares().size();
    if (left.isUnknown() || (left.slots() == before.remainingSlots() && sameTarget)) {
      return before; // an estimate is not news
    }
    // More is left than before: the target has changed, and what has moved stays moved.
    int moved = before.movedSlots() + Math.max(0, before.remainingSlots() - left.slots());
    long keys = before.movedKeys() + Math.max(0, before.remainingKeys() - left.keys());
    Duration taken = Duration.between(Timestamps.parse(before.startTime()).orElse(now), now);
    double seconds = Math.max(1, taken.toMillis() / 1000.0);
    return new MigrationStatus(
        moved,
        left.slots(),
        keys,
        left.keys(),
        (long) (keys / seconds),
        before.startTime(),
        moved == 0 ? null : end(now, seconds / moved * left.slots()),
        sameTarget ? before.shares() : left.shares());
  }

  private static String end(Instant now, double seconds) {
    return now.plusMillis((long) (seconds * 1000)).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** "1024 of 4096 slots moved, about 68000 keys each second". */
  static String text(MigrationStatus migration) {
    int all = migration.movedSlots() + migration.remainingSlots();
    String speed =
        migration.keysPerSecond() == 0
            ? ""
            : ", about %d keys each second".formatted(migration.keysPerSecond());
    return "%d of %d slots moved%s".formatted(migration.movedSlots(), all, speed);
  }
}
