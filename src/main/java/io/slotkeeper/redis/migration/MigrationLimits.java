package io.slotkeeper.redis.migration;

import java.time.Duration;

/**
 * How gently slots are moved.
 *
 * @param maxPause how long clients of a server may be kept waiting at a time, as far as possible:
 *     one key is moved at once, however large
 */
public record MigrationLimits(Duration maxPause) {
  public static final MigrationLimits DEFAULT = new MigrationLimits(Duration.ofMillis(20));

  public MigrationLimits {
    if (maxPause.isNegative() || maxPause.isZero()) {
      throw new IllegalArgumentException("a pause of " + maxPause);
    }
  }
}
