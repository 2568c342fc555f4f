package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequeueDelaysTest {
  private static final NodeId ID = new NodeId("a".repeat(40));

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
    return requeueDelays.next("uid", plan(pace, finding), List.of()).toMillis();
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

  private static final Action TIMEOUT =
      new Action.SetNodeTimeout(new ServerRef("p", "uid", "ip", ID), 5000);

  private long late(String uid, Action action) {
    Plan plan =
        new Plan(
            List.of(List.of(action)),
            List.of(),
            new Health(SlotSet.NONE, false, true, List.of()),
            RequeuePace.EAGER);
    Outcome refused = new Outcome.Refused(action, Outcome.Refused.Cause.TOO_LATE, "too late");
    return requeueDelays.next(uid, plan, List.of(refused)).toMillis();
  }

  @Test
  void whereAnswersComeTooLateServersGetTimeMoreAndMoreOfIt() {
    List<Long> waits = IntStream.range(0, 8).mapToObj(_ -> late("uid", TIMEOUT)).toList();

    assertThat(waits.getFirst()).isBetween(50L, 100L);
    assertThat(waits.get(4)).isBetween(800L, 1600L);
    assertThat(waits.getLast()).isBetween(1000L, 2000L);
    assertThat(next(RequeuePace.EAGER, "a")).as("one pass in time ends it").isEqualTo(25);
    assertThat(late("uid", TIMEOUT)).isEqualTo(waits.getFirst());
  }

  @Test
  void redisesOnTheSameSlowMachineDoNotComeBackTogether() {
    assertThat(IntStream.range(0, 20).mapToObj(i -> late("uid-" + i, TIMEOUT)).distinct())
        .hasSizeGreaterThan(5);
  }

  @Test
  void aDeathWaitsForNoServer() {
    Action failover =
        new Action.ForceFailover(new ServerRef("p", "uid", "ip", ID), ID, "m", "x", "it is gone");
    for (int i = 0; i < 8; i++) {
      assertThat(late("uid", failover)).isEqualTo(25);
    }
  }

  @Test
  void restsWhenAllIsWell() {
    assertThat(next(RequeuePace.RESTING, "a")).isEqualTo(10_000);
  }
}
