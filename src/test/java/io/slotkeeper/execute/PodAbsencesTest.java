package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action.Dead;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Since when the pod of a dead master has been away: heartbeats of its node count from then on. */
class PodAbsencesTest {
  private static final NodeId ONE = Stage.id(1);

  private final PodAbsences absences = new PodAbsences();
  private final RedisRef ref = new RedisRef("ns", "x", "uid", null);

  private long missedSince(NodeId master, String pod, long now) {
    return absences
        .since(ref, new Dead(master, pod, Set.of()), null, Instant.ofEpochSecond(now))
        .getEpochSecond();
  }

  private void seen(String pod, ServerAnswer answer) {
    PodState state =
        new PodState(
            pod,
            "uid of " + pod,
            0,
            0,
            null,
            null,
            Instant.EPOCH,
            false,
            true,
            PodState.Container.RUNNING,
            null);
    absences.seen(
        ref,
        new ClusterView(
            Instant.EPOCH, List.of(new Member(state, answer)), Remembered.NONE, Set.of()));
  }

  @Test
  void whatIsStillAwayHasBeenAwaySinceItWasFirstMissed() {
    assertThat(missedSince(ONE, "x-shard0-0", 10)).isEqualTo(10);
    seen("x-shard0-1", new ServerAnswer.NoAddress());

    assertThat(missedSince(ONE, "x-shard0-0", 20)).isEqualTo(10);
  }

  /** It may run on a node that has been silent since, and was heard in between. */
  @Test
  void aPodThatWasBackIsMissedFromTheNextTimeOn() {
    missedSince(ONE, "x-shard0-0", 10);
    seen("x-shard0-0", new ServerAnswer.NoAddress());

    assertThat(missedSince(ONE, "x-shard0-0", 20)).isEqualTo(20);
  }

  /** Found by the simulation: seed 30008989, with slow servers. */
  @Test
  void mastersWhosePodsAreUnknownAreMissedEachByItself() {
    missedSince(ONE, "", 10);

    assertThat(missedSince(Stage.id(2), "", 20)).isEqualTo(20);
    assertThat(missedSince(ONE, "", 30)).isEqualTo(10);
  }

  @Test
  void aMasterThatWasBackIsMissedFromTheNextTimeOn() {
    NodeSnapshot back = NodeSnapshots.of(NodeSnapshots.alone());
    missedSince(back.id(), "", 10);
    seen("x-shard0-0", new ServerAnswer.Answered(back));

    assertThat(missedSince(back.id(), "", 20)).isEqualTo(20);
  }
}
