package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reconcile.Stages.Stage;
import org.junit.jupiter.api.Test;

class StagesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Stages.Run pass = new Stages(new StageLog(registry)).begin("uid");

  @Test
  void whatAStageThrowsIsAProblemAndTheOthersGoOn() {
    assertThat(pass.get(Stage.SPEC, () -> fail("no number"), () -> "otherwise"))
        .isEqualTo("otherwise");
    assertThat(pass.find(Stage.OBSERVE, () -> "seen")).contains("seen");
    pass.run(Stage.UPDATE, () -> fail("no pod"));

    assertThat(pass.problems()).extracting(Problem::reason).containsOnly(Reason.ReconcileFailed);
    assertThat(pass.problems().getFirst().message())
        .startsWith("Resolving the spec failed: IllegalArgumentException: no number.");
    assertThat(registry.get("slotkeeper.stage.failures").tag("stage", "update").counter().count())
        .isEqualTo(1);
  }

  @Test
  void theApiServerIsQuotedWithoutTheRequest() {
    pass.run(
        Stage.OBJECTS,
        () -> {
          throw new KubernetesClientException(
              "Failure executing: PATCH at: https://10.0.0.1/api/v1",
              403,
              new StatusBuilder().withMessage("configmaps is forbidden").build());
        });

    assertThat(message()).startsWith("Applying the objects failed: configmaps is forbidden. ");
  }

  @Test
  void anApiServerThatGivesNoAnswerIsSaidToGiveNone() {
    pass.run(
        Stage.OBJECTS,
        () -> {
          throw new KubernetesClientException("Operation: [patch] failed");
        });

    assertThat(message()).contains("the API server gives no answer");
  }

  @Test
  void aLongCauseIsCut() {
    pass.run(Stage.PLAN, () -> fail("x".repeat(100_000)));

    assertThat(message()).hasSizeLessThan(500);
  }

  private String message() {
    return pass.problems().getFirst().message();
  }

  private static String fail(String message) {
    throw new IllegalArgumentException(message);
  }
}
