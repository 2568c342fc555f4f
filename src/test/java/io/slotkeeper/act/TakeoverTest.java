package io.slotkeeper.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.PodView.Container;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.NodeId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without a vote nobody takes over from a master that may still serve somewhere else. */
class TakeoverTest {
  private static final NodeId OTHER = Stage.id(8);

  private final Stage stage = new Stage();

  private Outcome takeOver() {
    Action.ForceFailover failover =
        new Action.ForceFailover(stage.target("r"), Stage.MASTER, "m", "x", "pod m is gone");
    return stage.execute(new Action.Takeover(failover, Map.of(Stage.MASTER, "m", OTHER, "other")));
  }

  @Test
  void theDeadAreReplaced() {
    stage.pods.remove("m");

    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r failover TAKEOVER");
  }

  @Test
  void aPodThatIsGoneMayHaveLeftItsServerOnAMachineThatIsCutOff() {
    stage.pods.remove("m");
    stage.hosts.add(new Host("node-2", false, false));

    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("node-2", "may still run"));
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void whereAMachineHasJustComeBackItsVolumeMayBringTheMasterBack() {
    stage.pods.remove("m");
    stage.marks.put("m", Stage.MASTER);
    stage.hosts.add(new Host("node-2", true, true, Instant.EPOCH.minusSeconds(10)));
    assertThat(takeOver())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("node-2 has just come back"));

    stage.marks.clear();
    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anotherServerInItsPlaceIsNoProofEither() {
    stage.pod("m").id = Stage.id(7);
    stage.hosts.add(new Host("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void norIsThatTheNextOneHasNotStarted() {
    stage.pod("m").refuses = true;
    stage.pod("m").container = Container.WAITING;
    stage.add("other", OTHER).refuses = true;
    stage.hosts.add(new Host("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whereNobodyListensAnyMoreItIsDeadWhateverElseIsCutOff() {
    stage.pod("m").refuses = true;
    stage.add("other", OTHER).refuses = true;
    stage.hosts.add(new Host("node-2", false, false));

    assertThat(takeOver()).isInstanceOf(Outcome.Done.class);
  }
}
