package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
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
  void anIdThatNoPodHasIsForgottenWhateverAServerThinksThatItOwns() {
    stage.pod("m").others.add(Stage.line(GONE, null, SlotSet.of(7)));

    assertThat(stage.execute(new Action.Forget(stage.target("m"), GONE, false)))
        .isInstanceOf(Outcome.Done.class);
  }

  private String refusal(Action action) {
    Outcome outcome = stage.execute(action);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
    return ((Outcome.Refused) outcome).reason();
  }

  private Action replicate() {
    return new Action.Replicate(stage.target("r"), Stage.MASTER, "m");
  }

  @Test
  void nothingGoesToAPodThatIsGoneOrAnotherOne() {
    ServerRef before = stage.target("r");
    Action toAnother =
        new Action.Replicate(
            new ServerRef("r", "uid before", before.ip(), before.id()), Stage.MASTER, "m");
    Action elsewhere =
        new Action.Replicate(
            new ServerRef("r", before.podUid(), "ip of m", before.id()), Stage.MASTER, "m");
    assertThat(refusal(toAnother)).contains("pod r is not the one at");
    assertThat(refusal(elsewhere)).contains("pod r is not the one at");

    Action gone = replicate();
    stage.pods.remove("r");
    assertThat(refusal(gone)).contains("pod r is not the one at");
  }

  @Test
  void nothingGoesToAnotherServerInThatPod() {
    Action planned = replicate();
    stage.pod("r").id = Stage.id(5);

    assertThat(refusal(planned)).contains("the server in pod r is another one now");
  }

  @Test
  void norToOneThatDoesNotAnswer() {
    stage.pod("r").silent = true;

    assertThat(refusal(replicate())).contains("r: no answer");
  }

  @Test
  void whatWasCheckedSecondsAgoDoesNotCount() {
    stage.tick = Duration.ofMillis(600);
    assertThat(stage.execute(replicate())).isInstanceOf(Outcome.Done.class);
    stage.commands.clear();

    stage.tick = Duration.ofSeconds(3);
    assertThat(refusal(replicate())).contains("too much time has passed");
  }

  @Test
  void norHalfASecondAgoWhereAnAddressMayMoveOrServersChangeByThemselves() {
    stage.tick = Duration.ofMillis(600);

    assertThat(refusal(new Action.Meet(stage.target("r"), stage.target("m"), true)))
        .contains("too much time has passed");
    assertThat(refusal(new Action.PlannedFailover(stage.target("r"), Stage.MASTER, "m")))
        .contains("too much time has passed");
  }

  @Test
  void slotsGoOnlyToAnEmptyMasterAndOnlyWhereItKnowsNoOwner() {
    Stage.Pod fresh = stage.add("n", Stage.id(4));
    Action assign = new Action.AssignSlots(stage.target("n"), 1, SlotSet.of(7));
    fresh.keys = 1;
    assertThat(refusal(assign)).contains("not an empty master");

    fresh.keys = 0;
    fresh.master = Stage.MASTER;
    assertThat(refusal(assign)).contains("not an empty master");

    fresh.master = null;
    fresh.others.add(Stage.line(Stage.MASTER, null, SlotSet.of(7)));
    assertThat(refusal(assign)).contains("some of the slots have an owner");
  }

  @Test
  void aMasterWithTheOnlyCopyOfSomethingNeverBecomesAReplica() {
    Action follow = new Action.Replicate(stage.target("m"), Stage.id(8), "other");
    assertThat(refusal(follow)).contains("it owns slots");

    stage.pod("m").slots = SlotSet.NONE;
    assertThat(refusal(follow)).contains("a master that holds keys");

    stage.pod("m").keys = 0;
    assertThat(stage.execute(follow)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anIdThatAPodHasIsNotForgottenNorWhileAPodHasNotSaidItsId() {
    stage.add("n", GONE);
    Action forget = new Action.Forget(stage.target("m"), GONE, false);
    assertThat(refusal(forget)).contains("pod n has that id");

    stage.pod("n").silent = true;
    assertThat(stage.execute(forget)).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.commands).isEmpty();
  }
}
