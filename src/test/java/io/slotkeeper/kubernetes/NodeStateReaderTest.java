package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.slotkeeper.model.KubernetesNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NodeStateReaderTest {
  private static final Instant BACK = Instant.parse("2026-06-01T12:00:00Z");

  private static KubernetesNode host(String created, String ready) {
    return NodeStateReader.of(
        new NodeBuilder()
            .withNewMetadata()
            .withName("node-1")
            .withCreationTimestamp(created)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus(ready)
            .withLastTransitionTime(BACK.toString())
            .endCondition()
            .endStatus()
            .build());
  }

  @Test
  void aMachineThatIsBackIsSettledAfterAWhile() {
    KubernetesNode node = host("2026-05-01T12:00:00Z", "True");

    assertThat(node.back()).isEqualTo(BACK);
    assertThat(node.isSettled(BACK.plusSeconds(10))).isFalse();
    assertThat(node.isSettled(BACK.plusSeconds(60))).isTrue();
  }

  /** Otherwise no replica would ever take over where machines join all the time. */
  @Test
  void aNewMachineHasNotBeenAway() {
    KubernetesNode node = host("2026-06-01T11:59:30Z", "True");

    assertThat(node.back()).isNull();
    assertThat(node.isSettled(BACK.plusSeconds(1))).isTrue();
  }

  @Test
  void aMachineThatIsCutOffIsNotSettled() {
    KubernetesNode node = host("2026-05-01T12:00:00Z", "Unknown");

    assertThat(node.ready()).isFalse();
    assertThat(node.isSettled(BACK.plusSeconds(600))).isFalse();
  }
}
