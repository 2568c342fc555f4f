package io.slotkeeper.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock for measuring durations. It runs on when the machine's clock is set back, and follows it
 * when it is set ahead: after a sleep only the machine's clock shows the time that has passed
 * ({@code CLOCK_MONOTONIC} stands still meanwhile). It may be ahead of the time of day, never
 * behind what has passed.
 */
final class MonotonicClock implements InstantSource {
  private final InstantSource wall;
  private final LongSupplier nanos;
  private Instant now;
  private Instant lastWall;
  private long lastNanos;

  MonotonicClock(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    now = wall.instant();
    lastWall = now;
    lastNanos = nanos.getAsLong();
  }

  @Override
  public synchronized Instant instant() {
    Instant time = wall.instant();
    long ticks = nanos.getAsLong();
    Duration ran = Duration.ofNanos(ticks - lastNanos);
    Duration told = Duration.between(lastWall, time);
    now = now.plus(ran.compareTo(told) > 0 ? ran : told);
    lastWall = time;
    lastNanos = ticks;
    return now;
  }
}
