package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Blocker;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScalingTest {

  private static SlotMovePolicy parallel(int limit) {
    return new SlotMovePolicy(limit, 20, false, Optional.empty(), Optional.empty());
  }

  private static List<Action.MoveSlots> moves(Plan plan) {
    return Actions.of(plan, Action.MoveSlots.class);
  }

  @Test
  void whatIsUnevenIsLeftAloneUntilTheUserAsks() {
    Views views = Views.formed(3, 1).moved(0, 1, SlotSet.range(0, 99));
    assertThat(views.plan().resharding()).isEmpty();

    views.wanting(3, 1, asking("now"));

    assertThat(views.plan().resharding().orElseThrow().slots()).isEqualTo(100);
    assertThat(moves(views.balancing(Views.MOVING).plan()).getFirst().slots().size())
        .isEqualTo(100);
    views.balancing(new RebalanceState(false, List.of(), Optional.of("now")));
    assertThat(views.plan().resharding()).as("was done").isEmpty();
    assertThat(views.wanting(3, 1, asking("again")).plan().resharding()).isPresent();
  }

  @Test
  void byMemoryTheFullestGives() {
    Views views = Views.formed(3, 1).wanting(3, 1, asking("now", true));
    views.with(0, 0, pod -> pod.usedMemory = 300).with(1, 0, pod -> pod.usedMemory = 50);
    views.with(2, 0, pod -> pod.usedMemory = 100);

    Resharding left = views.plan().resharding().orElseThrow();

    // A slot of the first weighs 300/5461: what is above the mean of 150 are 2731 of them.
    assertThat(left.shares()).containsExactly(5461 - 2731, 5462 + 1821, 5461 + 910);
    views.balancing(new RebalanceState(true, left.shares(), Optional.empty()));
    assertThat(moves(views.plan())).hasSize(1);
    views.with(1, 0, pod -> pod.usedMemory = 900);
    assertThat(views.plan().resharding().orElseThrow().slots()).as("measured once").isEqualTo(2731);
  }

  private static SlotMovePolicy asking(String token) {
    return asking(token, false);
  }

  private static SlotMovePolicy asking(String token, boolean byMemory) {
    return new SlotMovePolicy(4, 20, byMemory, Optional.of(token), Optional.empty());
  }

  @Test
  void aNewShardIsIntroducedBeforeAnythingMoves() {
    Plan plan = Views.formed(3, 1).wanting(4, 1).started().plan();

    assertThat(Actions.of(plan, Action.Meet.class)).isNotEmpty();
    assertThat(moves(plan)).isEmpty();
    assertThat(plan.health().covered()).isTrue();
    assertThat(plan.health().redundant(1)).isTrue();
  }

  @Test
  void slotsMoveOnceTheNewShardHasItsReplica() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.pod(3, 1).linkUp = false;

    assertThat(moves(views.plan())).isEmpty();

    views.pod(3, 1).linkUp = true;
    List<Action.MoveSlots> moves = moves(views.plan());

    assertThat(moves).hasSize(3);
    assertThat(moves.getFirst().source().pod()).isEqualTo("x-shard0-0");
    assertThat(moves.getFirst().destination().pod()).isEqualTo("x-shard3-0");
    assertThat(moves.getFirst().slots().size()).isEqualTo(5461 - 4096);
    assertThat(views.plan().resharding()).get().extracting(Resharding::slots).isEqualTo(4096);
  }

  /** Redis 8.4 and later: a server takes part in one task only. */
  @Test
  void whatWaitsForAServerComesInTheSamePass() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined().balancing(Views.MOVING);
    views.version = "8.6.0";

    List<List<Action>> steps =
        views.plan().steps().stream()
            .filter(step -> step.stream().anyMatch(Action.MoveSlots.class::isInstance))
            .toList();

    assertThat(steps).hasSize(3).allSatisfy(step -> assertThat(step).hasSize(1));
    assertThat(moves(views.plan()))
        .extracting(move -> move.source().pod())
        .containsExactly("x-shard0-0", "x-shard1-0", "x-shard2-0");
  }

  @Test
  void severalNewShardsAreServedAtOnceUpToTheLimit() {
    Views views = Views.formed(3, 0).joined();

    assertThat(moves(views.wanting(6, 0, parallel(3)).joined().plan())).hasSize(3);
    assertThat(moves(views.wanting(6, 0, parallel(1)).plan())).hasSize(1);
  }

  @Test
  void anUnevenClusterIsLeftAloneUntilItsSizeChanges() {
    Views views = Views.formed(3, 1).moved(0, 1, SlotSet.range(0, 99));

    assertThat(Actions.withoutMarks(views.plan())).isEmpty();
    assertThat(views.plan().resharding()).isEmpty();
  }

  /** 3, then 4, then 3 again half way, then 4: each master has slots, and still it is not even. */
  @Test
  void whatABalanceHasBegunGoesOnUntilAllIsEven() {
    Views views = Views.formed(3, 1).moved(0, 1, SlotSet.range(0, 99)).balancing(Views.MOVING);

    assertThat(moves(views.plan())).hasSize(1);
  }

  @Test
  void inTheEndWhatAnInterruptionMayHaveLeftIsLookedFor() {
    Plan plan = Views.formed(3, 1).balancing(Views.MOVING).plan();

    assertThat(Actions.withoutMarks(plan))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.RepairOpenSlots.class,
            sweep -> {
              assertThat(sweep.masters()).hasSize(3);
              assertThat(sweep.suspected()).isEqualTo(SlotSet.ALL);
            });
    assertThat(plan.resharding()).get().matches(Resharding::movesSlots);
  }

  @Test
  void slotsLeftOpenAreClosedWithoutAnyChangeOfSize() {
    Views views = Views.formed(3, 1);
    views.pod(0, 0).migrating.put(7, views.pod(1, 0).id);

    assertThat(Actions.withoutMarks(views.plan()))
        .singleElement()
        .isInstanceOf(Action.RepairOpenSlots.class);
  }

  @Test
  void aMoveGoesOnWithTheSlotsThatItHasOpened() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.pod(0, 0).migrating.put(5000, views.pod(3, 0).id);

    assertThat(moves(views.plan())).hasSize(3);
  }

  @Test
  void slotsThatAreOpenForAnotherMoveAreClosedFirst() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.pod(0, 0).migrating.put(5000, views.pod(1, 0).id);

    assertThat(moves(views.plan())).isEmpty();
    assertThat(Actions.of(views.plan(), Action.RepairOpenSlots.class)).hasSize(1);
  }

  /**
   * A server takes no news of a slot that it imports: it still thinks that no node has the slot.
   */
  @Test
  void aSlotWhoseSourceFailedOverIsClosedAlthoughTheDestinationDoesNotKnowItsOwner() {
    Views views = Views.formed(3, 1).failedOver(0, 1);
    Views.Pod destination = views.pod(1, 0);
    destination.importing.put(7, views.pod(0, 0).id);
    Line owner = destination.line(views.pod(0, 1));
    owner.slots = owner.slots.minus(SlotSet.of(7));

    assertThat(Actions.withoutMarks(views.plan()))
        .singleElement()
        .isInstanceOf(Action.RepairOpenSlots.class);
  }

  /** The one that is silent may have taken over before, and have what was written since. */
  @Test
  void aMasterWithoutACopyInSyncKeepsItsSlotsUnlessItLeaves() {
    Views views = Views.formed(2, 1).wanting(3, 1).joined();
    views.pod(0, 1).linkUp = false;
    assertThat(moves(views.plan())).extracting(m -> m.source().pod()).containsExactly("x-shard1-0");

    Views leaving = Views.formed(2, 1).wanting(1, 1).balancing(Views.MOVING);
    leaving.pod(1, 1).linkUp = false;
    assertThat(moves(leaving.plan())).hasSize(1);
  }

  /** One of the two takes a greater one soon, perhaps greater than that of the new owner. */
  @Test
  void aMasterThatSharesItsEpochKeepsItsSlots() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    Views.Pod first = views.pod(0, 0);
    first.line(first).epoch = 2;

    assertThat(moves(views.plan()))
        .extracting(move -> move.source().pod())
        .containsExactly("x-shard2-0");
  }

  @Test
  void nothingMovesWhileAMasterIsAway() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.pod(1, 0).silent(Kind.TIMEOUT);

    assertThat(moves(views.plan())).isEmpty();
  }

  @Test
  void nothingMovesWhileServersDisagree() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined();
    views.marked(2, 1, Flag.PFAIL);

    assertThat(moves(views.plan())).isEmpty();
  }

  @Test
  void aHoldStopsMovesAndNothingElse() {
    SlotMovePolicy held =
        SlotMovePolicy.DEFAULT.withBlocker(new Blocker(Blocker.Kind.PAUSED, "spec says so."));
    Plan plan = Views.formed(3, 1).wanting(4, 1, held).joined().plan();

    assertThat(moves(plan)).isEmpty();
    assertThat(Actions.withoutMarks(plan)).isEmpty();
    assertThat(plan.resharding().flatMap(Resharding::blocker)).isPresent();
    assertThat(
            Actions.of(Views.formed(3, 1).wanting(4, 1, held).started().plan(), Action.Meet.class))
        .isNotEmpty();
  }

  /** Formation began with another spec, or went on without what was lost of it. */
  @Test
  void whatIsFormedUnevenlyIsMadeEven() {
    Views views = Views.formed(3, 0).moved(0, 1, SlotSet.range(0, 999)).unwritten();

    assertThat(views.plan().resharding()).get().extracting(Resharding::slots).isEqualTo(1000);
    assertThat(moves(views.balancing(Views.MOVING).plan())).as("it is formed first").isEmpty();
    assertThat(Views.formed(3, 0).unwritten().plan().resharding()).isEmpty();
  }

  /** Its Redis was created again around it: the user has not asked for anything. */
  @Test
  void whatIsUnevenAndHasKeysIsLeftAlone() {
    Views views = Views.formed(3, 0).moved(0, 1, SlotSet.range(0, 999)).unwritten();
    views.pod(2, 0).keys = 1;

    assertThat(views.plan().resharding()).isEmpty();
  }

  /** Redis takes that for a failover, and makes the one that loses all a replica of the other. */
  @Test
  void aNewMasterDoesNotGetAllThatAnotherHas() {
    Views views = Views.formed(2, 0).wanting(3, 0).joined();
    views.moved(1, 2, SlotSet.range(8192, 16383)).balancing(Views.MOVING).wanting(2, 0);

    assertThat(moves(views.plan()))
        .singleElement()
        .satisfies(move -> {
          assertThat(move.source().pod()).isEqualTo("x-shard2-0");
          assertThat(move.destination().pod()).isEqualTo("x-shard1-0");
          assertThat(move.slots()).isEqualTo(SlotSet.range(8192, 16382));
        });

    views.moved(2, 1, SlotSet.range(8192, 16382));

    assertThat(moves(views.plan()).getFirst().slots()).isEqualTo(SlotSet.of(16383));
  }

  @Test
  void itsFirstSlotIsNotTheLastOfAnother() {
    Views views = Views.formed(3, 0).wanting(4, 0).joined();
    views.moved(2, 3, SlotSet.of(16383)).moved(2, 0, SlotSet.range(10923, 16382));
    views.balancing(Views.MOVING).wanting(3, 0);

    assertThat(moves(views.plan()))
        .extracting(move -> move.source().pod())
        .contains("x-shard0-0")
        .doesNotContain("x-shard3-0");
  }

  /** If the operator ended in the middle, and the user reverted the spec, nothing would show it. */
  @Test
  void noSlotMovesBeforeItIsWrittenDownThatSlotsMove() {
    Views views = Views.formed(3, 1).wanting(4, 1).joined().balancing(RebalanceState.NONE);

    assertThat(moves(views.plan())).isEmpty();
    assertThat(views.plan().resharding()).get().matches(Resharding::movesSlots);

    assertThat(moves(views.balancing(Views.MOVING).plan())).isNotEmpty();
  }

  /** It was given slots while it was cut off, and its replica took over what it had before. */
  @Test
  void whatASecondMasterOfAShardOwnsGoesToTheFirst() {
    SlotSet given = SlotSet.range(6000, 6099);
    Views views = Views.formed(3, 1).failedOver(0, 1).moved(1, 0, given).balancing(Views.MOVING);
    views.everywhere(views.pod(0, 0), line -> line.master = null);

    assertThat(moves(views.plan()))
        .singleElement()
        .satisfies(move -> {
          assertThat(move.source().pod()).isEqualTo("x-shard0-0");
          assertThat(move.destination().pod()).isEqualTo("x-shard0-1");
          assertThat(move.slots()).isEqualTo(given);
        });
  }

  @Test
  void nothingMovesWhereTheMemoryDoesNotSuffice() {
    Views views = Views.formed(3, 1).wanting(2, 1);
    views.pod(2, 0).usedMemory = 300 << 20;
    views.pod(0, 0).maxMemory = 200 << 20;
    views.pod(0, 0).usedMemory = 150 << 20;

    Plan plan = views.plan();

    assertThat(moves(plan)).isEmpty();
    assertThat(plan.resharding().flatMap(Resharding::blocker))
        .get()
        .satisfies(blocker -> {
          assertThat(blocker.kind()).isEqualTo(Blocker.Kind.MEMORY);
          assertThat(blocker.message()).contains("Shard 0", "50 MiB free", "101 MiB are missing");
        });
  }
}
