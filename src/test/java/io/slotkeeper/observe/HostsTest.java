package io.slotkeeper.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostsTest {
  private static final Instant BACK = Instant.parse("2026-06-01T12:00:00Z");

  private static Host host(String created, String ready) {
    return Hosts.of(
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
    Host host = host("2026-05-01T12:00:00Z", "True");

    assertThat(host.back()).isEqualTo(BACK);
    assertThat(host.isSettled(BACK.plusSeconds(10))).isFalse();
    assertThat(host.isSettled(BACK.plusSeconds(60))).isTrue();
  }

  /** Otherwise nobody would ever take over where machines join all the time. */
  @Test
  void aNewMachineHasNotBeenAway() {
    Host host = host("2026-06-01T11:59:30Z", "True");

    assertThat(host.back()).isNull();
    assertThat(host.isSettled(BACK.plusSeconds(1))).isTrue();
  }

  @Test
  void aMachineThatIsCutOffIsNotSettled() {
    Host host = host("2026-05-01T12:00:00Z", "Unknown");

    assertThat(host.ready()).isFalse();
    assertThat(host.isSettled(BACK.plusSeconds(600))).isFalse();
  }
}
