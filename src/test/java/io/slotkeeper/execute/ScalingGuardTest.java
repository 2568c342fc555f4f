package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A change of size is done on the answers of that moment, or not at all. */
class ScalingGuardTest {
  private static final NodeId OTHER = Stage.id(3);

  private final Stage stage = new Stage();

  ScalingGuardTest() {
    stage.pod("m").slots = SlotSet.range(0, 9999);
    Stage.Pod other = stage.add("other", OTHER);
    other.slots = SlotSet.range(10_000, 16_383);
    stage.pod("m").others.add(Stage.line(OTHER, null, other.slots));
    stage.pod("r").others.replaceAll(_ -> Stage.line(Stage.MASTER, null, stage.pod("m").slots));
    other.others.add(Stage.line(Stage.MASTER, null, stage.pod("m").slots));
  }

  private String refusal(Action action) {
    Outcome outcome = stage.execute(action);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(stage.commands).isEmpty();
    return ((Outcome.Refused) outcome).reason();
  }

  /** The shard was removed a moment ago, is wanted again, and its pods have not gone yet. */
  @Test
  void noSlotMovesToAPodThatIsAboutToGo() {
    stage.pod("other").terminating = true;

    assertThat(refusal(move())).contains("other is on its way out");
  }

  /** The source has not heard yet that the destination has the slot. */
  @Test
  void nothingIsBegunAfterAMoveThatIsNotThrough() {
    stage.pod("other").slots = SlotSet.of(7);

    assertThat(stage.execute(List.of(List.of(move()), List.of(raise()))))
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Unfinished.class, left -> assertThat(left.reason()).contains("do not agree"));
    assertThat(stage.commands).isEmpty();
  }

  private Action.MoveSlots move() {
    return new Action.MoveSlots(
        stage.target("m"),
        stage.target("other"),
        List.of(),
        SlotSet.of(7),
        MigrationMethod.CLASSIC,
        false,
        20);
  }

  private Action.BumpEpoch raise() {
    return new Action.BumpEpoch(
        stage.target("m"), List.of(stage.target("r"), stage.target("other")));
  }

  @Test
  void theOwnerThatIsNotBelievedTakesAGreaterEpoch() {
    assertThat(stage.execute(raise())).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("m bumpEpoch");
  }

  @Test
  void notWhileAnotherOneClaimsItsSlots() {
    stage.pod("other").slots = SlotSet.range(9999, 16_383);

    assertThat(refusal(raise())).contains("claims some of its slots");
  }

  @Test
  void notWhileAnotherOneThinksThatItHasMore() {
    stage.add("third", Stage.id(4)).others.add(Stage.line(Stage.MASTER, null, SlotSet.ALL));
    Action.BumpEpoch raise =
        new Action.BumpEpoch(stage.target("m"), List.of(stage.target("third")));

    assertThat(refusal(raise)).contains("thinks that it has more slots");
  }

  /** It would take the same one. */
  @Test
  void notBeforeItHasHeardOfTheEpochOfAnotherMaster() {
    stage.pod("other").epoch = 2;

    assertThat(refusal(raise())).contains("has not heard of epoch 2 of node");
  }

  @Test
  void notWhereItIsNoMasterAnyMore() {
    stage.pod("m").master = OTHER;

    assertThat(refusal(raise())).contains("not a master any more");
  }

  private Action remove() {
    return new Action.RemoveShard(
        0, List.of(stage.target("other")), List.of(stage.target("m"), stage.target("r")));
  }

  /** The shard has nothing left, and all say so. */
  private void emptied() {
    stage.pods.remove("r");
    Stage.Pod other = stage.pod("other");
    other.slots = SlotSet.NONE;
    other.keys = 0;
    other.others.clear();
    stage.pod("m").slots = SlotSet.ALL;
    stage.pod("m").others.clear();
  }

  @Test
  void aShardThatHasSlotsOrKeysOrOpenSlotsStays() {
    emptied();
    Action remove =
        new Action.RemoveShard(0, List.of(stage.target("other")), List.of(stage.target("m")));
    stage.pod("other").keys = 1;
    assertThat(refusal(remove)).contains("still has slots or keys");

    stage.pod("other").keys = 0;
    stage.pod("other").slots = SlotSet.of(7);
    assertThat(refusal(remove)).contains("still has slots or keys");

    stage.pod("other").slots = SlotSet.NONE;
    stage.pod("other").migrating = Map.of(7, Stage.MASTER);
    assertThat(refusal(remove)).contains("still has slots or keys");
  }

  @Test
  void aShardStaysWhileAnotherServerThinksThatItHasSlots() {
    emptied();
    Action remove =
        new Action.RemoveShard(0, List.of(stage.target("other")), List.of(stage.target("m")));
    stage.pod("m").others.add(Stage.line(OTHER, null, SlotSet.of(7)));
    assertThat(refusal(remove)).contains("thinks that the shard still has slots");

    stage.pod("m").others.clear();
    stage.pod("m").migrating = Map.of(7, OTHER);
    assertThat(refusal(remove)).contains("thinks that the shard still has slots");
  }

  @Test
  void aShardStaysWhileAServerOfItHasNotSaidWhatItHolds() {
    emptied();
    Action remove =
        new Action.RemoveShard(0, List.of(stage.target("other")), List.of(stage.target("m")));

    assertThat(refusal(remove)).contains("pod m has not said what it holds");
  }

  @Test
  void aShardThatDoesNotAnswerStays() {
    Action remove = remove();
    stage.pod("other").silent = true;

    assertThat(refusal(remove)).contains("other: no answer");
  }

  @Test
  void replicasGoOnlyWhileTheirMasterIsTheMaster() {
    Action shrink = new Action.ShrinkShard(0, 1, stage.target("m"));
    stage.pod("r").terminating = true;
    assertThat(refusal(shrink)).contains("pod r is on its way out");

    stage.pod("m").master = Stage.REPLICA;
    assertThat(refusal(shrink)).contains("pod m is not the master any more");
  }
}
