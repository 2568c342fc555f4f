package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaCountTest {
  private final Reports report = new Reports();

  private List<Condition> conditions() {
    return StatusBuilder.status(null, report.report()).conditions();
  }

  @Test
  void isWhatTheStatusSays() {
    assertThat(ReplicaCount.of(conditions())).contains(new ReplicaCount(1, 1));

    report.health = Reports.health(SlotSet.ALL, true, Reports.ALONE);
    assertThat(ReplicaCount.of(conditions())).contains(new ReplicaCount(0, 1));

    report.topology = new Topology("x", 1, 0, 5000);
    assertThat(ReplicaCount.of(conditions())).contains(new ReplicaCount(0, 0));
  }

  @Test
  void isNotKnownWhereTheServersAreNot() {
    RedisStatus unknown =
        UnknownStatus.of(
            StatusBuilder.status(null, report.report()),
            1,
            new Problem(Reason.ReconcileFailed, "Failed."),
            Reports.NOW);

    assertThat(ReplicaCount.of(unknown.conditions())).isEmpty();
    assertThat(ReplicaCount.of(List.of())).isEmpty();
  }
}
