package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.StandaloneViews.LINE;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandalonePlannerTest {

  @Test
  void nothingIsDoneWhereAllIsWell() {
    StandaloneViews views = healthy();
    assertThat(views.plan().actions()).isEmpty();
    assertThat(views.plan().pace()).isEqualTo(RequeuePace.RESTING);
  }

  @Test
  void aNewPrimaryIsRecordedBeforeItLeads() {
    List<Class<?>> kinds =
        views()
            .dead(0)
            .label(0, PodRole.MASTER, false)
            .cutOff(1, "b", 0, 0, 100)
            .plan()
            .steps()
            .stream()
            .<Class<?>>map(step -> step.getFirst().getClass())
            .toList();
    assertThat(kinds)
        .containsExactly(
            Action.RecordPrimary.class,
            Action.LabelPod.class,
            Action.Promote.class,
            Action.LabelPod.class);
  }

  @Test
  void theRecordHasTheNextTermAndTheNewPod() {
    Action.RecordPrimary record =
        views().dead(0).cutOff(1, "b", 0, 0, 100).action(Action.RecordPrimary.class).orElseThrow();
    assertThat(record.remembered().owner())
        .isEqualTo(new RememberedShard.Owner(StandaloneViews.run("b"), 2, SlotSet.ALL));
    assertThat(record.members()).containsEntry(pod(1), StandaloneViews.run("b"));
    assertThat(record.members()).doesNotContainKey(pod(0));
  }

  @Test
  void theFormerPrimaryLosesItsLabelFirst() {
    List<Action.LabelPod> labels =
        views()
            .dead(0)
            .label(0, PodRole.MASTER, false)
            .cutOff(1, "b", 0, 0, 100)
            .actions(Action.LabelPod.class);
    assertThat(labels).extracting(Action.LabelPod::pod).containsExactly(pod(0), pod(1));
  }

  /** They would get an error for each write. */
  @Test
  void clientsOfAFormerPrimaryAreSentAway() {
    StandaloneViews views =
        views()
            .master(1, "b", 5, "next", LINE)
            .label(1, PodRole.MASTER, true)
            .former(0, "a", 1)
            .label(0, PodRole.MASTER, false);
    assertThat(views.actions(Action.LabelPod.class))
        .containsExactly(new Action.LabelPod(pod(0), "uid-0", PodRole.NONE));
    assertThat(views.label(0, PodRole.NONE, false).actions(Action.DismissClients.class))
        .singleElement()
        .satisfies(dismissal -> assertThat(dismissal.replica().pod()).isEqualTo(pod(0)));
    assertThat(views.label(0, PodRole.REPLICA, false).actions(Action.DismissClients.class))
        .isEmpty();
  }

  /**
   * The server was started again, and the Service has not noticed yet that its pod lost the label.
   */
  @Test
  void clientsThatComeToANewServerOfAFormerPrimaryAreSentAway() {
    StandaloneViews views = healthy().label(1, PodRole.NONE, true);
    assertThat(views.plan().actions()).singleElement().isInstanceOf(Action.DismissClients.class);
  }

  @Test
  void aServerThatFollowsNothingFollowsThePrimary() {
    StandaloneViews views = views().master(0, "a", 5, LINE).passive(1, "c", 5);
    assertThat(views.actions(Action.Follow.class))
        .singleElement()
        .satisfies(follow -> {
          assertThat(follow.node().pod()).isEqualTo(pod(1));
          assertThat(follow.primary().pod()).isEqualTo(pod(0));
        });
  }

  @Test
  void readsGoToThePrimaryWhereNoReplicaIsInSync() {
    StandaloneViews views = views().master(0, "a", 5, LINE).passive(1, "c", 5);
    assertThat(views.actions(Action.LabelReads.class))
        .containsExactly(new Action.LabelReads(pod(0), "uid-0", true));
  }

  /** Its link was cut silently: for the replica it is up until it times out. */
  @Test
  void aReplicaThatThePrimaryDoesNotHearOfIsNoCopy() {
    StandaloneViews views =
        views().master(0, "a", 5, LINE).follower(1, "b", 0).listed(0, 1, 2).knows(1, "b");
    assertThat(copies(views)).containsExactlyInAnyOrder(pod(0), pod(1));
    assertThat(copies(views.listed(0, 1, 3))).containsExactly(pod(0));
    assertThat(views.plan().health().redundant(1)).isFalse();
  }

  @Test
  void aReplicaThatThePrimaryDoesNotListIsNoCopy() {
    StandaloneViews views = views().master(0, "a", 5, LINE).follower(1, "b", 0);
    assertThat(copies(views)).containsExactly(pod(0));
  }

  private static Set<String> copies(StandaloneViews views) {
    return views.plan().health().shards().getFirst().remembered().copies();
  }

  @Test
  void readsGoToReplicasInSync() {
    StandaloneViews views =
        views().master(0, "a", 5, LINE).label(0, PodRole.MASTER, true).replica(1, "b", 0);
    assertThat(views.actions(Action.LabelReads.class))
        .containsExactlyInAnyOrder(
            new Action.LabelReads(pod(0), "uid-0", false),
            new Action.LabelReads(pod(1), "uid-1", true));
  }

  @Test
  void thePrimaryHandsOverBeforeItsPodGoes() {
    StandaloneViews views =
        new StandaloneViews(0)
            .remembers(1, "b", 4, 0, 1)
            .master(1, "b", 5, LINE)
            .label(1, PodRole.MASTER, false)
            .replica(0, "a", 1)
            .label(0, PodRole.REPLICA, true);
    StandaloneViews known = views.knows(0, "a");
    assertThat(known.actions(Action.HandOver.class))
        .singleElement()
        .satisfies(handOver -> assertThat(handOver.replica().pod()).isEqualTo(pod(0)));
    assertThat(known.actions(Action.ShrinkShard.class)).isEmpty();
  }

  @Test
  void surplusReplicasGo() {
    StandaloneViews views =
        new StandaloneViews(0)
            .remembers(0, "a", 4, 0, 1)
            .knows(1, "b")
            .master(0, "a", 5, LINE)
            .label(0, PodRole.MASTER, false)
            .replica(1, "b", 0)
            .label(1, PodRole.REPLICA, true);
    assertThat(views.actions(Action.ShrinkShard.class)).hasSize(1);
  }

  @Test
  void aHandOverToAServerThatDoesNotAnswerIsAborted() {
    StandaloneViews views = views().handingOver(0, "a", 1).dead(1);
    assertThat(views.actions(Action.AbortHandOver.class))
        .singleElement()
        .satisfies(abort -> assertThat(abort.primary().pod()).isEqualTo(pod(0)));
    assertThat(views().handingOver(0, "a", 1).replica(1, "b", 0).plan().actions()).isEmpty();
  }

  @Test
  void nothingIsDoneWithoutADecision() {
    StandaloneViews views = views().silent(0).replica(1, "b", 0);
    assertThat(views.plan().actions()).isEmpty();
    assertThat(views.plan().health().covered()).isFalse();
  }

  private static StandaloneViews healthy() {
    return views()
        .knows(1, "b")
        .master(0, "a", 5, LINE)
        .label(0, PodRole.MASTER, false)
        .replica(1, "b", 0)
        .label(1, PodRole.REPLICA, true);
  }

  private static StandaloneViews views() {
    return new StandaloneViews(1).remembers(0, "a", 1, 0, 1).claim(0, 1);
  }
}
