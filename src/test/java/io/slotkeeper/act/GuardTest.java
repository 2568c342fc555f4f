package io.slotkeeper.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import org.junit.jupiter.api.Test;

/** What is refused where it runs, although it was right when it was planned. */
class GuardTest {
  private static final NodeId GONE = Stage.id(9);

  private final Stage stage = new Stage();

  private Outcome force(String replicationId) {
    stage.pods.remove("m");
    return stage.execute(
        new Action.ForceFailover(
            stage.target("r"), Stage.MASTER, "m", replicationId, "its pod is gone"));
  }

  @Test
  void aReplicaOfADeadMasterTakesOver() {
    assertThat(force("x")).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("r failover FORCE");
  }

  @Test
  void aReplicaThatHasCopiedAnotherServerSinceDoesNotTakeOver() {
    assertThat(force("y")).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void anOwnerOfSlotsIsForgottenOnlyWhereNothingWasEverWritten() {
    stage.pod("m").others.add(Stage.line(GONE, null, SlotSet.of(7)));
    Action forget = new Action.Forget(stage.target("m"), GONE, true);

    assertThat(stage.execute(forget)).isInstanceOf(Outcome.Refused.class);

    stage.pod("m").keys = 0;

    assertThat(stage.execute(forget)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anOwnerOfSlotsThatAVolumeHasIsNotForgotten() {
    stage.pod("m").keys = 0;
    stage.pod("m").others.add(Stage.line(GONE, null, SlotSet.of(7)));
    stage.marks.put("gone", GONE);

    for (boolean owner : new boolean[] {true, false}) {
      assertThat(stage.execute(new Action.Forget(stage.target("m"), GONE, owner)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.reason()).contains("volume of pod gone"));
    }
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void anIdThatAVolumeHasIsForgottenWhereItOwnsNothing() {
    stage.pod("m").others.add(Stage.line(GONE, null, SlotSet.NONE));
    stage.marks.put("gone", GONE);

    assertThat(stage.execute(new Action.Forget(stage.target("m"), GONE, false)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void slotsAreHandedOutOnlyWhereNoClaimIsOfAClusterThatWasFormed() {
    stage.add("n", Stage.id(4)).keys = 0;
    Action assign = new Action.AssignSlots(stage.target("n"), 1, SlotSet.ALL);
    stage.marks.put("gone", GONE);

    assertThat(stage.execute(assign))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("claim of pod gone"));
    assertThat(stage.commands).isEmpty();

    stage.marks.clear();
    assertThat(stage.execute(assign)).isInstanceOf(Outcome.Done.class);
  }

  /** Found by the simulation: its slots had gone to another, and one server had not heard of it. */
  @Test
  void anIdOfNobodyIsForgottenWhateverAServerThinksThatItOwns() {
    stage.pod("m").others.add(Stage.line(GONE, null, SlotSet.of(7)));

    assertThat(stage.execute(new Action.Forget(stage.target("m"), GONE, false)))
        .isInstanceOf(Outcome.Done.class);
  }
}
