package io.slotkeeper.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.slotkeeper.operatorsettings.OperatorSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeadsTest {

  private static Leadership leadership(String election) {
    return new Leadership(
        OperatorSettings.from(Map.of("SLOTKEEPER_LEADER_ELECTION", election)),
        () -> {
          throw new IllegalStateException("no API server is needed");
        });
  }

  @Test
  void aReplicaLeadsFromItsElectionUntilItCloses() {
    Leadership leadership = leadership("true");
    LeaderCallbacks callbacks =
        leadership.configuration().orElseThrow().getLeaderCallbacks().orElseThrow();
    assertThat(leadership.leads()).isFalse();

    callbacks.onStartLeading();
    assertThat(leadership.leads()).isTrue();

    leadership.closing();
    assertThat(leadership.leads()).isFalse();
  }

  @Test
  void withoutALeaseTheOnlyReplicaLeads() {
    assertThat(leadership("false").leads()).isTrue();
  }
}
