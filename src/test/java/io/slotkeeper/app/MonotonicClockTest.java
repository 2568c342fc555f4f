package io.slotkeeper.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {
  private Instant wall = Instant.parse("2026-06-01T12:00:00Z");
  private long nanos = 7;

  private final MonotonicClock clock = new MonotonicClock(() -> wall, () -> nanos);

  private Duration passed() {
    return Duration.between(Instant.parse("2026-06-01T12:00:00Z"), clock.instant());
  }

  private void pass(Duration real, Duration told) {
    nanos += real.toNanos();
    wall = wall.plus(told);
  }

  @Test
  void aClockThatIsSetBackDoesNotHideWhatHasPassed() {
    pass(Duration.ofMillis(600), Duration.ofHours(-1));

    assertThat(passed()).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void aMachineThatSleptHasLostThatTime() {
    pass(Duration.ofMillis(1), Duration.ofMinutes(5));

    assertThat(passed()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void itGoesOnFromThere() {
    pass(Duration.ofMillis(600), Duration.ofHours(-1));
    clock.instant();
    pass(Duration.ofMillis(100), Duration.ofMillis(100));

    assertThat(passed()).isEqualTo(Duration.ofMillis(700));
  }
}
