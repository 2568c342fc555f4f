package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.report.Failovers.Failover;
import io.slotkeeper.report.Failovers.Kind;
import io.slotkeeper.testing.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailoversTest {
  private static final RedisStatus BEFORE = Statuses.standalone("x-shard0-0");
  private static final RedisStatus WITHOUT = Statuses.standalone("");
  private static final RedisStatus AFTER = Statuses.standalone("x-shard0-1");
  private static final ServerRef REPLICA =
      new ServerRef("x-shard0-1", "uid", "10.0.0.2", new NodeId("b".repeat(40)));
  private static final ServerRef PRIMARY =
      new ServerRef("x-shard0-0", "uid", "10.0.0.1", new NodeId("a".repeat(40)));
  private static final Action PROMOTION = new Action.Promote(REPLICA, null, "id", "it is gone");
  private static final Action HANDOVER = new Action.HandOver(PRIMARY, REPLICA);

  private final Failovers failovers = new Failovers(BEFORE);
  private Instant now = Instant.EPOCH;

  private List<Failover> next(RedisStatus status, Action... done) {
    now = now.plusMillis(100);
    return failovers.next(status, List.of(done), now);
  }

  private static Failover failover(Kind kind, Integer... millis) {
    return new Failover(
        kind,
        Optional.of(List.of(millis))
            .filter(m -> !m.isEmpty())
            .map(m -> Duration.ofMillis(m.getFirst())));
  }

  @Test
  void theSameMasterIsNone() {
    assertThat(next(BEFORE)).isEmpty();
    assertThat(next(WITHOUT)).isEmpty();
    assertThat(next(BEFORE)).isEmpty();
  }

  @Test
  void oneThatTheOperatorOrderedBeginsWhenTheMasterIsMissed() {
    assertThat(next(WITHOUT)).isEmpty();
    assertThat(next(WITHOUT, PROMOTION)).isEmpty();

    assertThat(next(AFTER)).containsExactly(failover(Kind.FORCED, 200));
    assertThat(next(AFTER)).isEmpty();
  }

  @Test
  void aPlannedOneBeginsWithTheOrder() {
    assertThat(next(BEFORE, HANDOVER)).isEmpty();
    assertThat(next(BEFORE)).isEmpty();

    assertThat(next(AFTER)).containsExactly(failover(Kind.PLANNED, 200));
  }

  @Test
  void oneOfTheServersAloneHasNoDurationIfItsBeginningWasNotSeen() {
    assertThat(next(AFTER)).containsExactly(failover(Kind.OTHER));
  }

  @Test
  void anOldOrderIsNotTheCause() {
    assertThat(next(BEFORE, HANDOVER)).isEmpty();
    now = now.plusSeconds(61);
    assertThat(next(BEFORE)).isEmpty();

    assertThat(next(AFTER)).containsExactly(failover(Kind.OTHER));
  }

  @Test
  void theFirstMasterReplacesNone() {
    Failovers beginning = new Failovers(null);

    assertThat(beginning.next(WITHOUT, List.of(PROMOTION), now)).isEmpty();
    assertThat(beginning.next(AFTER, List.of(), now)).isEmpty();
    assertThat(beginning.next(BEFORE, List.of(), now)).containsExactly(failover(Kind.OTHER));
  }

  @Test
  void whatIsNotKnownIsNoFailover() {
    RedisStatus unknown =
        UnknownStatus.of(AFTER, 1, new Problem(Reason.ReconcileFailed, "It failed."), now);

    assertThat(next(unknown)).isEmpty();
    assertThat(next(BEFORE)).isEmpty();
  }

  @Test
  void afterAStopOfAllTheNextMasterReplacesNone() {
    assertThat(next(WITHOUT.with(Phase.Halted, 1, WITHOUT.conditions()))).isEmpty();

    assertThat(next(AFTER)).isEmpty();
  }

  /** A shard that gives its last slots away has a master, and serves nothing. */
  @Test
  void ofAClusterOnlyAShardWithSlotsCounts() {
    Failovers cluster = new Failovers(Statuses.cluster("x-shard0-0", "x-shard1-0"));

    assertThat(cluster.next(Statuses.cluster("x-shard0-1", "x-shard1-0"), List.of(), now))
        .hasSize(1);
    RedisStatus leaving =
        Statuses.status(
            "ClusterFormed SlotsCovered",
            "2 of 2 replicas are in sync.",
            "4/4",
            Statuses.shard("x-shard0", "0-16383", 16384, "x-shard0-1")
                + Statuses.shard("x-shard1", "", 0, "x-shard1-1"));
    assertThat(cluster.next(leaving, List.of(), now)).isEmpty();
  }
}
