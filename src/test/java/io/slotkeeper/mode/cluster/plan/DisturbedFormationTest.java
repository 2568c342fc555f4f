package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Formation that was disturbed; an undisturbed one is in {@link ClusterPlannerTest}. */
class DisturbedFormationTest {

  private static List<Action.AssignSlots> assignments(Views views) {
    return Actions.of(views.plan(), Action.AssignSlots.class);
  }

  /** Found by the simulation: a shard was lost, and its number is not wanted any more. */
  @Test
  void aMasterThatHasTooFewSlotsGetsThoseWithoutAnOwner() {
    Views views = Views.formed(2, 0).unwritten().wanting(1, 0);
    views.everywhere(views.pod(1, 0), line -> line.slots = SlotSet.NONE);

    assertThat(assignments(views))
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.node().pod()).isEqualTo("x-shard0-0");
          assertThat(assignment.slots()).isEqualTo(SlotSet.range(8192, 16383));
        });
  }

  /**
   * Found by the simulation: its nodes.conf was torn, and rebuilt from a server that knew no
   * better.
   */
  @Test
  void aMasterThatHasForgottenWhatOneOtherKnowsGetsItAgain() {
    Views views = Views.formed(2, 1).unwritten();
    Views.Pod torn = views.pod(0, 0);
    SlotSet slots = torn.line(torn).slots;
    views.everywhere(torn, line -> line.slots = SlotSet.NONE);
    torn.line(torn).epoch = 0;
    views.pod(1, 1).line(torn).slots = slots;

    assertThat(assignments(views))
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.node().pod()).isEqualTo("x-shard0-0");
          assertThat(assignment.slots()).isEqualTo(slots);
        });
  }

  @Test
  void whatTheDeadHadIsNotGivenToAnother() {
    Views views = Views.formed(2, 0).unwritten();
    views.pod(0, 0).absent = true;

    assertThat(assignments(views)).isEmpty();
  }

  /** Found by the simulation: its volume came back, with a greater epoch than that of the other. */
  @Test
  void aShardWaitsForAServerThatMayHaveGotItsSlotsBeforeAnyOtherHeardOfIt() {
    Views views = Views.blank(2, 1);
    views.remembers(0, 0, views.pod(0, 0).id).with(0, 0, pod -> pod.absent = true);

    assertThat(assignments(views))
        .singleElement()
        .satisfies(assignment -> assertThat(assignment.node().pod()).isEqualTo("x-shard1-0"));
  }

  @Test
  void aShardDoesNotWaitForAServerThatIsGoneWithItsVolume() {
    Views views = Views.blank(1, 1);
    views.remembers(0, 0, views.pod(0, 0).id).with(0, 0, pod -> pod.absent = true);

    assertThat(assignments(views.withoutClaim(0, 0)))
        .singleElement()
        .satisfies(assignment -> assertThat(assignment.node().pod()).isEqualTo("x-shard0-1"));
  }

  @Test
  void aShardDoesNotWaitForAServerThatHasAnotherVolumeNow() {
    Views views = Views.blank(1, 1).remembers(0, 0, Views.id(99));

    assertThat(assignments(views)).hasSize(1);
  }
}
