package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterPlannerTest {

  private static List<Kind> kinds(Plan plan) {
    return plan.findings().stream().map(Finding::kind).distinct().toList();
  }

  @ParameterizedTest
  @CsvSource({"1,0", "1,1", "1,2", "2,0", "2,1", "3,0", "3,1", "3,2", "6,0", "6,1", "6,2"})
  void blankServersGetSlotsAndMeetEachOtherInOnePass(int shards, int replicas) {
    Plan plan = Views.blank(shards, replicas).plan();

    List<Action.AssignSlots> assigned = Actions.of(plan, Action.AssignSlots.class);
    assertThat(assigned).hasSize(shards);
    assertThat(assigned.stream().map(Action.AssignSlots::epoch).distinct()).hasSize(shards);
    assertThat(assigned.stream().map(Action.AssignSlots::slots).mapToInt(SlotSet::size).sum())
        .isEqualTo(SlotSet.COUNT);
    int nodes = shards * (replicas + 1);
    assertThat(Actions.of(plan, Action.Meet.class)).hasSize(nodes * (nodes - 1));
    assertThat(plan.steps().getFirst().getFirst()).isInstanceOf(Action.RecordMembers.class);
  }

  /** A thousand links at once keep servers from answering anything else. */
  @ParameterizedTest
  @CsvSource({"30,0,435", "30,1,512", "500,1,512"})
  void manyServersMeetOneWayAndSomeInEachPass(int shards, int replicas, int meetings) {
    Plan plan = Views.blank(shards, replicas).plan();

    assertThat(Actions.of(plan, Action.AssignSlots.class)).hasSize(shards);
    assertThat(Actions.of(plan, Action.Meet.class)).hasSize(meetings);
    assertThat(
            Actions.of(plan, Action.Meet.class).stream()
                .map(meet -> Set.of(meet.from(), meet.to()))
                .distinct())
        .hasSize(meetings);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "1,1", "3,0", "3,1", "3,2", "6,1", "30,1"})
  void nothingIsPlannedWhereNothingIsWrong(int shards, int replicas) {
    Plan plan = Views.formed(shards, replicas).plan();

    assertThat(Actions.of(plan, Action.AnnotateClaim.class)).hasSameSizeAs(plan.actions());
    assertThat(plan.findings()).isEmpty();
    assertThat(plan.health().covered()).isTrue();
  }

  @Test
  void aStrangerOnAVolumeStopsEverything() {
    Views views = Views.formed(3, 1).replaced(1, 1, 99).with(1, 1, pod -> pod.keys = 5);
    views.pod(0, 1).table.remove(views.pod(2, 0).id); // would be mended otherwise

    Plan plan = views.plan();

    assertThat(plan.actions()).isEmpty();
    assertThat(kinds(plan)).contains(Kind.FOREIGN_NODE);
  }

  @Test
  void theSameIdAtTwoAddressesIsACopiedVolumeAndStopsEverything() {
    Views views = Views.formed(3, 1);
    views.with(
        1,
        1,
        copy -> {
          copy.id = views.pod(1, 0).id;
          copy.table = views.pod(1, 0).table;
        });

    Plan plan = views.plan();

    assertThat(plan.actions()).isEmpty();
    assertThat(kinds(plan)).contains(Kind.FOREIGN_NODE);
  }

  /** Found by the simulation: the pods were known as they had been before all addresses moved. */
  @Test
  void aServerOfAnotherPodAtAFormerAddressIsNotTakenForThisPods() {
    Views views = Views.formed(3, 1);
    views.with(
        2,
        0,
        pod -> {
          pod.id = views.pod(0, 0).id;
          pod.table = views.pod(0, 0).table;
        });
    views.with(0, 0, pod -> pod.ip = null);

    Plan plan = views.plan();

    assertThat(Actions.of(plan, Action.RecordMembers.class)).isEmpty();
    assertThat(Actions.of(plan, Action.Replicate.class)).isEmpty();
    assertThat(Actions.of(plan, Action.ForceFailover.class)).isEmpty();
    assertThat(Actions.of(plan, Action.Takeover.class)).isEmpty();
    assertThat(kinds(plan)).doesNotContain(Kind.FOREIGN_NODE, Kind.SHARD_LOST);
  }

  @Test
  void whatIsRememberedIsLookedAtOnceMore() {
    List<Action.RecordMembers> remembered =
        Actions.of(Views.blank(3, 0).plan(), Action.RecordMembers.class);

    assertThat(remembered).hasSize(1);
    assertThat(remembered.getFirst().added()).hasSize(3);
  }

  @Test
  void aOneSidedAcquaintanceIsMadeMutual() {
    Views views = Views.formed(3, 0);
    views.pod(0, 0).table.remove(views.pod(1, 0).id);

    assertThat(Actions.of(views.plan(), Action.Meet.class))
        .extracting(meet -> meet.from().pod() + " " + meet.to().pod())
        .containsExactlyInAnyOrder("x-shard0-0 x-shard1-0", "x-shard1-0 x-shard0-0");
  }

  @Test
  void serversThatMissedAMovedAddressHearOfIt() {
    Views views = Views.formed(3, 0);
    views.pod(1, 0).line(views.pod(0, 0)).ip = "10.0.9.9";

    assertThat(Actions.of(views.plan(), Action.Meet.class))
        .extracting(meet -> meet.to().pod())
        .contains("x-shard0-0");
  }

  /** Found by the simulation: an introduction every two seconds, for ever. */
  @Test
  void aServerThatCannotKnowAMasterThatIsGoneIsNotMetAgainAndAgain() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99).remembers(0, 0, Views.id(99));
    Views.Pod replica = views.pod(0, 1);
    replica.linkDownSeconds = 60;
    replica.linkUp = false;
    replica.replicationId = "of another"; // no replica takes over
    Views.Pod fresh = views.pod(0, 0);
    for (int shard = 0; shard < 3; shard++) {
      for (int ordinal = 0; ordinal < 2; ordinal++) {
        Views.Pod pod = views.pod(shard, ordinal);
        Line line = new Line();
        line.ip = fresh.ip;
        pod.table.put(fresh.id, line);
        if (pod != fresh) {
          Line known = new Line();
          known.ip = pod.ip;
          known.master = pod.line(pod).master;
          known.slots = pod.line(pod).slots;
          known.epoch = shard + 1L;
          fresh.table.put(pod.id, known);
        }
      }
    }
    fresh.line(replica).master = null;
    fresh.line(replica).flags.add(Flag.REPLICA);

    assertThat(kinds(views.plan())).contains(Kind.SHARD_LOST);
    assertThat(
            Actions.of(views.plan(), Action.Meet.class).stream()
                .filter(meet -> meet.from().pod().equals(replica.name)))
        .as("a replica without a known master is no master in a table")
        .allSatisfy(meet -> assertThat(meet.to().pod()).isEqualTo(fresh.name));
  }

  @Test
  void idsThatNoPodHasAreForgottenOnlyWhenEveryPodHasAnswered() {
    Views views = Views.formed(3, 1);
    for (int shard = 0; shard < 3; shard++) {
      for (int ordinal = 0; ordinal < 2; ordinal++) {
        views.pod(shard, ordinal).table.put(Views.id(77), new Line());
      }
    }
    assertThat(Actions.of(views.plan(), Action.Forget.class)).hasSize(6);

    views.pod(2, 1).silent(RedisUnavailableException.Kind.TIMEOUT);

    assertThat(Actions.of(views.plan(), Action.Forget.class)).isEmpty();
  }

  /** Found by the simulation: a failover was asked for that could not be won, for ever. */
  @Test
  void slotsOfAMasterThatDiedBeforeItsReplicasHeardOfThemAreAssignedAgain() {
    Views views = Views.formed(3, 2).unwritten().replaced(0, 0, 99).remembers(0, 0, Views.id(99));
    assertThat(Actions.of(views.plan(), Action.Forget.class)).as("they know").isEmpty();
    for (int shard = 0; shard < 3; shard++) {
      for (int ordinal = 0; ordinal < 3; ordinal++) {
        Views.Pod pod = views.pod(shard, ordinal);
        if (!pod.id.equals(views.pod(0, 0).id) && (shard != 2 || ordinal != 0)) {
          Line unheard = new Line();
          unheard.ip = "10.0.0.1";
          pod.table.put(Views.id(1), unheard);
        }
      }
    }

    assertThat(Actions.of(views.plan(), Action.Forget.class))
        .extracting(forget -> forget.node().pod())
        .contains("x-shard2-0")
        .doesNotContain("x-shard0-1", "x-shard0-2");
  }

  @Test
  void aMasterWithKeysButWithoutSlotsIsLeftAlone() {
    Views views = Views.formed(3, 1);
    for (int shard = 0; shard < 3; shard++) {
      for (int ordinal = 0; ordinal < 2; ordinal++) {
        views.pod(shard, ordinal).line(views.pod(1, 1)).master = null;
      }
    }

    Plan plan = views.plan();

    assertThat(Actions.of(plan, Action.Replicate.class)).isEmpty();
    assertThat(kinds(plan)).contains(Kind.STRAY_KEYS);
  }

  @Test
  void anEmptyNewNodeBecomesAReplica() {
    Views views = Views.formed(3, 1).replaced(1, 1, 99).remembers(1, 1, Views.id(99));
    Views.Pod fresh = views.pod(1, 1);
    fresh.table = new HashMap<>(views.pod(1, 0).table);
    fresh.table.put(fresh.id, new Line());

    assertThat(Actions.of(views.plan(), Action.Replicate.class))
        .extracting(Action.Replicate::masterPod)
        .containsExactly("x-shard1-0");
  }

  /** Found by chaos, on Redis 7.0: it had learnt the new address from a third server. */
  @Test
  void aReplicaThatGoesOnFollowingAFormerAddressIsAttachedOnceMore() {
    Views views = Views.formed(3, 1);
    Views.Pod replica = views.pod(1, 1);
    replica.linkUp = false;
    replica.linkDownSeconds = 148;
    assertThat(Actions.of(views.plan(), Action.Replicate.class)).isEmpty();

    replica.masterHost = "10.9.9.9";

    assertThat(Actions.of(views.plan(), Action.Replicate.class))
        .singleElement()
        .satisfies(action -> {
          assertThat(action.node().id()).isEqualTo(replica.id);
          assertThat(action.masterPod()).isEqualTo("x-shard1-0");
        });
  }

  /** Found by the simulation: with all volumes gone no server remembered, and nothing was said. */
  @Test
  void slotsThatNoServerRemembersAreALossOnceThereWasACluster() {
    Views views = Views.formed(3, 0);
    for (int shard = 0; shard < 3; shard++) {
      views.replaced(shard, 0, 90 + shard);
    }

    Plan plan = views.plan();

    assertThat(Actions.of(plan, Action.AssignSlots.class)).isEmpty();
    assertThat(kinds(plan)).contains(Kind.SHARD_LOST);
  }

  @Test
  void formationWaitsForPodsThatAreNotThereYet() {
    Views views = Views.blank(3, 1).with(1, 1, pod -> pod.ip = null);
    views.with(1, 1, pod -> pod.container = Container.WAITING);

    assertThat(views.plan().actions()).isEmpty();
    assertThat(Map.of("kinds", kinds(views.plan()))).containsEntry("kinds", List.of(Kind.WAITING));
  }
}
