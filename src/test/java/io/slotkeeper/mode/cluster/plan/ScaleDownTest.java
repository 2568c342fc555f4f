package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleDownTest {

  @Test
  void aLeavingShardIsEmptiedAndThenRemoved() {
    Views views = Views.formed(2, 1).wanting(1, 1).balancing(Views.MOVING);
    assertThat(Actions.of(views.plan(), Action.MoveSlots.class).getFirst().source().pod())
        .isEqualTo("x-shard1-0");

    views.moved(1, 0, SlotSet.range(8192, 16383)).balancing(RebalanceState.NONE);
    views.pod(1, 0).keys = 3;
    assertThat(Actions.of(views.plan(), Action.RemoveShard.class)).isEmpty();

    views.pod(1, 0).keys = 0;
    views.pod(1, 1).keys = 0;
    List<Action.RemoveShard> removals = Actions.of(views.plan(), Action.RemoveShard.class);
    assertThat(removals).hasSize(1);
    assertThat(removals.getFirst().shard()).isEqualTo(1);
    assertThat(removals.getFirst().nodes()).hasSize(2);
    assertThat(removals.getFirst().others()).hasSize(2);
  }

  /** Found by the simulation: it died before it could tell them of the last key that had moved. */
  @Test
  void replicasOfAMasterThatIsGoneFollowTheOneInItsPlaceAndBecomeEmpty() {
    Views views = Views.formed(2, 1).wanting(1, 1).moved(1, 0, SlotSet.range(8192, 16383));
    views.replaced(1, 0, 98).remembers(1, 0, Views.id(98)).owners(all -> all.remove(1));
    views.with(1, 1, pod -> pod.linkUp = false);

    assertThat(Actions.of(views.plan(), Action.RemoveShard.class)).isEmpty();
    assertThat(Actions.of(views.plan(), Action.Meet.class))
        .anyMatch(meet -> meet.to().pod().equals("x-shard1-0"));

    Views.Pod newcomer = views.pod(1, 0);
    for (Views.Pod pod : List.of(views.pod(0, 0), views.pod(0, 1), views.pod(1, 1))) {
      pod.table.put(newcomer.id, Line.at(newcomer.ip));
      newcomer.table.put(pod.id, pod.line(pod).copy());
    }
    assertThat(Actions.of(views.plan(), Action.Replicate.class))
        .singleElement()
        .satisfies(replicate -> {
          assertThat(replicate.node().pod()).isEqualTo("x-shard1-1");
          assertThat(replicate.master()).isEqualTo(newcomer.id);
        });
  }

  @Test
  void aLeavingShardWithASilentMemberStays() {
    Views views = Views.formed(2, 1).wanting(1, 1).moved(1, 0, SlotSet.range(8192, 16383));
    views.pod(1, 0).keys = 0;
    views.pod(1, 1).keys = 0;
    views.pod(1, 1).silent(Kind.TIMEOUT);

    assertThat(Actions.of(views.plan(), Action.RemoveShard.class)).isEmpty();
  }

  @Test
  void aShardThatNeverCameUpGoesWithoutFurtherAdo() {
    Views views = Views.formed(3, 1).wanting(4, 1).started().wanting(3, 1);
    for (String name : List.of("x-shard3-0", "x-shard3-1")) {
      views.pod(name).ip = null;
      views.pod(name).container = Container.WAITING;
    }

    assertThat(Actions.of(views.plan(), Action.RemoveShard.class)).hasSize(1);
  }

  /** Its server runs, and may say any moment what it holds: the guard would refuse. */
  @Test
  void aShardWithAServerThatNeverSaidAnythingStays() {
    Views views = Views.formed(3, 1).wanting(4, 1).started().wanting(3, 1);
    views.pod("x-shard3-0").silent(Kind.REFUSED);
    views.pod("x-shard3-1").silent(Kind.REFUSED);

    assertThat(Actions.of(views.plan(), Action.RemoveShard.class)).isEmpty();
  }

  @Test
  void tooManyReplicasGo() {
    Views views = Views.formed(2, 2).wanting(2, 1);

    List<Action.ShrinkShard> shrinks = Actions.of(views.plan(), Action.ShrinkShard.class);

    assertThat(shrinks).extracting(Action.ShrinkShard::pods).containsExactly(2, 2);
  }

  @Test
  void theyStayWhileTheOthersAreNotInSync() {
    Views views = Views.formed(2, 2).wanting(2, 1);
    views.pod(0, 1).linkUp = false;

    assertThat(Actions.of(views.plan(), Action.ShrinkShard.class))
        .extracting(Action.ShrinkShard::shard)
        .doesNotContain(0);
  }

  @Test
  void aMasterHandsOverBeforeItsPodGoes() {
    Views views = Views.formed(2, 2).failedOver(1, 2).wanting(2, 1);

    assertThat(Actions.withoutMarks(views.plan()))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.PlannedFailover.class,
            handOver -> {
              assertThat(handOver.masterPod()).isEqualTo("x-shard1-2");
              assertThat(handOver.replica().pod()).isIn("x-shard1-0", "x-shard1-1");
            });
  }
}
