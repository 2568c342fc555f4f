package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.plan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels are for others to read: nothing of the cluster itself waits for one. */
class LabelPodTest {
  private static final Action LABEL = new Action.LabelPod("m", "uid of m", PodRole.MASTER);

  private final Stage stage = new Stage();

  @Test
  void isWritten() {
    assertThat(stage.execute(LABEL)).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("label m MASTER");
  }

  @Test
  void oneThatIsRefusedHoldsNothingUp() {
    stage.refusal = new KubernetesClientException("pods is forbidden", 403, null);

    List<Outcome> outcomes =
        stage.execute(
            List.of(
                List.of(LABEL),
                List.of(new Action.PlannedFailover(stage.target("r"), Stage.MASTER, "m"))));

    assertThat(outcomes.getFirst()).isEqualTo(new Outcome.Failed(LABEL, "pods is forbidden"));
    assertThat(stage.commands).containsExactly("r failover GRACEFUL");
  }
}
