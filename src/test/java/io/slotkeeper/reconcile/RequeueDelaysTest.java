package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequeueDelaysTest {
  private Instant now = Instant.EPOCH;
  private final RequeueDelays requeueDelays = new RequeueDelays(Duration.ofSeconds(10), () -> now);

  private static Plan plan(RequeuePace pace, String finding) {
    return new Plan(
        List.of(),
        List.of(new Finding(Finding.Kind.WAITING, finding)),
        new Health(SlotSet.NONE, false, true, List.of()),
        pace);
  }

  private long next(RequeuePace pace, String finding) {
    return requeueDelays.next("uid", plan(pace, finding)).toMillis();
  }

  @Test
  void looksLessAndLessOftenAtWhatDoesNotChange() {
    assertThat(next(RequeuePace.EAGER, "a")).isEqualTo(25);
    now = now.plusSeconds(1);
    assertThat(next(RequeuePace.EAGER, "a")).isEqualTo(125);
    now = now.plusSeconds(60);
    assertThat(next(RequeuePace.EAGER, "a")).isEqualTo(2000);
  }

  @Test
  void manyLooksInAMomentChangeNothing() {
    for (int i = 0; i < 100; i++) {
      assertThat(next(RequeuePace.EAGER, "a")).isEqualTo(25);
    }
  }

  @Test
  void aChangeMakesItEagerAgain() {
    next(RequeuePace.EAGER, "a");
    now = now.plusSeconds(60);
    assertThat(next(RequeuePace.EAGER, "b")).isEqualTo(25);
  }

  @Test
  void restsWhenAllIsWell() {
    assertThat(next(RequeuePace.RESTING, "a")).isEqualTo(10_000);
  }
}
