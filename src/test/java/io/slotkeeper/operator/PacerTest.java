package io.slotkeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private Instant now = Instant.EPOCH;
  private final Pacer pacer = new Pacer(Duration.ofSeconds(10), () -> now);

  private static Plan plan(Pace pace, String finding) {
    return new Plan(
        List.of(),
        List.of(new Finding(Finding.Kind.WAITING, finding)),
        new Health(SlotSet.NONE, false, true, List.of()),
        pace);
  }

  private long next(Pace pace, String finding) {
    return pacer.next("uid", plan(pace, finding)).toMillis();
  }

  @Test
  void looksLessAndLessOftenAtWhatDoesNotChange() {
    assertThat(next(Pace.EAGER, "a")).isEqualTo(25);
    now = now.plusSeconds(1);
    assertThat(next(Pace.EAGER, "a")).isEqualTo(125);
    now = now.plusSeconds(60);
    assertThat(next(Pace.EAGER, "a")).isEqualTo(2000);
  }

  @Test
  void manyLooksInAMomentChangeNothing() {
    for (int i = 0; i < 100; i++) {
      assertThat(next(Pace.EAGER, "a")).isEqualTo(25);
    }
  }

  @Test
  void aChangeMakesItEagerAgain() {
    next(Pace.EAGER, "a");
    now = now.plusSeconds(60);
    assertThat(next(Pace.EAGER, "b")).isEqualTo(25);
  }

  @Test
  void restsWhenAllIsWell() {
    assertThat(next(Pace.RESTING, "a")).isEqualTo(10_000);
  }
}
