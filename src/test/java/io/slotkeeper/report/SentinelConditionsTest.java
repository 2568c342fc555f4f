package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Mode;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import org.junit.jupiter.api.Test;

class SentinelConditionsTest {

  private static RedisStatus status(SentinelHealth health) {
    return StatusBuilder.status(
        null,
        new Reports()
            .with(it -> {
              it.topology = Reports.TOPOLOGY.running(Mode.Sentinel);
              it.sentinels = health;
            })
            .report());
  }

  private static Condition ready(SentinelHealth health) {
    return Conditions.find(status(health).conditions(), ConditionType.Ready).orElseThrow();
  }

  @Test
  void isNotReadyWhileFewerThanMostNameThePrimary() {
    Condition ready = ready(new SentinelHealth("x", 3, 1, 2, true));
    assertThat(ready.getStatus()).isEqualTo("False");
    assertThat(ready.getReason()).isEqualTo(Reason.SentinelMissing.name());

    assertThat(ready(new SentinelHealth("x", 3, 2, 2, true)).getStatus()).isEqualTo("True");
  }

  @Test
  void isNotReadyWhileTheirServiceLeadsNowhere() {
    Condition ready = ready(new SentinelHealth("x", 3, 3, 2, false));
    assertThat(ready.getStatus()).isEqualTo("False");
    assertThat(ready.getReason()).isEqualTo(Reason.NoReadyPod.name());
    assertThat(ready.getMessage()).endsWith("their Service leads nowhere.");
  }
}
