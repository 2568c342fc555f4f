package io.slotkeeper.redis.migration;

import java.time.Duration;

/**
 * How gently slots are moved.
 *
 * @param maxPause for how long clients of a server may be kept waiting at a time, as far as that
 *     can be helped: one key is moved at once, however large
 */
public record Limits(Duration maxPause) {
  public static final Limits DEFAULT = new Limits(Duration.ofMillis(20));

  public Limits {
    if (maxPause.isNegative() || maxPause.isZero()) {
      throw new IllegalArgumentException("a pause of " + maxPause);
    }
  }
}
