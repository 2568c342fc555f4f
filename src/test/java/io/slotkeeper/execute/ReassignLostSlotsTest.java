package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What was given up must be lost at the very moment at which another node gets it. */
class ReassignLostSlotsTest {
  private static final NodeId LOST = Stage.id(9);
  private static final SlotSet SLOTS = SlotSet.range(0, 99);

  private final Stage stage = new Stage();

  ReassignLostSlotsTest() {
    stage.pod("m").slots = SlotSet.ALL.minus(SLOTS);
    stage.pod("m").others.add(Stage.line(LOST, null, SLOTS));
    stage.pod("r").others.clear();
    stage.pod("r").others.add(Stage.line(LOST, null, SLOTS));
    stage.add("heir", Stage.id(3)).keys = 0;
  }

  private Outcome accept() {
    return stage.execute(
        new Action.ReassignLostSlots(
            stage.target("heir"), LOST, SLOTS, Set.of("m", "r", "heir"), Set.of("others")));
  }

  private void refused(String reason, Consumer<Stage> since) {
    since.accept(stage);
    Outcome outcome = accept();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).reason()).contains(reason);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void theNodeOutranksTheLostOneAndGetsTheSlots() {
    assertThat(accept()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).containsExactly("heir bumpEpoch", "heir addSlots 0-99");
  }

  @Test
  void aServerThatKnowsTheLostOneAsTheOwnerForgetsItFirst() {
    stage.pod("heir").others.add(Stage.line(LOST, null, SLOTS));

    assertThat(accept()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands)
        .containsExactly("heir forget " + LOST, "heir bumpEpoch", "heir addSlots 0-99");
  }

  /** The lost one had got them last, and only owners tell of what they own. */
  @Test
  void aServerThatStillThinksOfTheOwnerBeforeIsNotBelieved() {
    SlotSet before = SlotSet.range(0, 9);
    stage.pod("r").others.add(Stage.line(Stage.MASTER, null, stage.pod("m").slots.plus(before)));
    stage.pod("heir").others.add(Stage.line(Stage.MASTER, null, before));

    assertThat(accept()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands)
        .containsExactly("heir bumpEpoch", "heir setSlots 0-9", "heir addSlots 10-99");
  }

  @Test
  void aVolumeOfTheSameShardWithoutAPodMayHaveACopy() {
    stage.add("x-shard1-0", Stage.id(4)).keys = 0;
    stage.marks.put("x-shard1-1", Stage.id(7));
    Action accept =
        new Action.ReassignLostSlots(
            stage.target("x-shard1-0"), LOST, SLOTS, Set.of("m", "r", "heir"), Set.of());

    assertThat(stage.execute(accept)).isInstanceOf(Outcome.Refused.class);

    stage.marks.put("x-shard2-1", stage.marks.remove("x-shard1-1"));
    assertThat(stage.execute(accept)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aServerThatSaysThatItOwnsThemIsBelieved() {
    refused("some of the slots have an owner, says pod", now -> now.pod("m").slots = SlotSet.ALL);
  }

  @Test
  void itGoesOnWhereItWasInterrupted() {
    stage.pod("heir").slots = SlotSet.range(0, 49);

    assertThat(accept()).isInstanceOf(Outcome.Done.class);
    assertThat(stage.commands).contains("heir addSlots 50-99");
  }

  @Test
  void notWhenTheLostOneIsBack() {
    refused("has that id", s -> s.add("back", LOST));
  }

  @Test
  void notWhileAPodIsMissing() {
    refused("is not there", s -> s.pods.remove("r"));
  }

  @Test
  void notWhileAPodIsSilent() {
    stage.pod("r").silent = true;

    assertThat(accept()).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.commands).isEmpty();
  }

  @Test
  void notWhenAReplicaMayHaveACopy() {
    refused("may have a copy", s -> s.pod("r").master = LOST);
  }

  @Test
  void theDataOfAnotherIsNoCopy() {
    stage.pod("r").master = LOST;
    stage.pod("r").replicationId = "others";

    assertThat(accept()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void notWhereAnotherOwnerIsKnown() {
    refused(
        "have an owner", s -> s.pod("r").others.add(Stage.line(Stage.id(8), null, SlotSet.of(5))));
  }

  @Test
  void notWhenTheNodeHasGotKeys() {
    refused("not an empty master", s -> s.pod("heir").keys = 1);
  }

  @Test
  void notWhileAVolumeIsLeftThatMayBringItBack() {
    refused("the volume of pod gone may still have it", s -> s.marks.put("gone", LOST));
  }
}
