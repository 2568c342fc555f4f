package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which replica takes over from which master, and when none does. */
class FailoversTest {
  static List<Action.ForceFailover> failovers(Views views) {
    return Actions.of(views.plan(), Action.ForceFailover.class);
  }

  static List<Action.Takeover> takeovers(Views views) {
    return Actions.of(views.plan(), Action.Takeover.class);
  }

  /** The master of shard 0 is away, and its replica noticed just now. */
  static Views away(Consumer<Views.Pod> how) {
    return Views.formed(3, 2).with(0, 0, how).with(0, 1, broken(0)).with(0, 2, broken(0));
  }

  static Consumer<Views.Pod> broken(long seconds) {
    return pod -> {
      pod.linkUp = false;
      pod.linkDownSeconds = seconds;
    };
  }

  static void lost(Views.Pod pod) {
    pod.silent(RedisUnavailableException.Kind.REFUSED).lost = true;
  }

  @Test
  void silenceProvesNothing() {
    Views views = away(pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));

    assertThat(failovers(views)).isEmpty();
    assertThat(views.marked(0, 0, Flag.FAIL).plan().actions()).isEmpty();
  }

  @Test
  void aBrokenConnectionAndARefusedOneProveDeath() {
    assertThat(failovers(away(FailoversTest::lost))).hasSize(1);
  }

  @Test
  void anEndedContainerProvesDeath() {
    Views views =
        away(pod ->
            pod.silent(RedisUnavailableException.Kind.TIMEOUT).container = Container.TERMINATED);

    assertThat(failovers(views)).hasSize(1);
  }

  @Test
  void theReplicaWithMostTakesOver() {
    Views views = away(FailoversTest::lost).with(0, 2, pod -> pod.offset = 2000);

    assertThat(failovers(views)).hasSize(1);
    assertThat(failovers(views).getFirst().replica().pod()).isEqualTo("x-shard0-2");
  }

  /** Found by the simulation: what the master took in between was lost, though it came back. */
  @Test
  void aReplicaThatWasCutOffBeforeWaitsForTheMasterToComeBack() {
    Views views = away(FailoversTest::lost).with(0, 1, broken(20)).with(0, 2, broken(20));

    assertThat(failovers(views)).isEmpty();
    assertThat(failovers(views.marked(0, 0, Flag.PFAIL))).hasSize(1);
  }

  /** Found by the simulation: its address was another's already, and its new pod about to start. */
  @Test
  void thatAMasterHasNoAddressAnyMoreSaysNothingOfWhenItWent() {
    Views views = away(FailoversTest::lost).with(0, 1, broken(20)).with(0, 2, broken(20));
    views.marked(0, 0, Flag.NOADDR).with(0, 0, pod -> pod.createdAt = Views.NOW.minusSeconds(29));
    assertThat(failovers(views)).isEmpty();
    assertThat(failovers(views.with(0, 0, pod -> pod.absent = true))).isEmpty();

    views.with(0, 0, pod -> pod.absent = false);
    views.with(0, 0, pod -> pod.createdAt = Views.NOW.minusSeconds(30));

    assertThat(failovers(views)).hasSize(1);
  }

  /** Found by the simulation: no master voted, and it did not ask again for four node timeouts. */
  @Test
  void aReplicaThatHasNotHeardOfThisEpochAsksOnceItHas() {
    Views views = away(FailoversTest::lost);
    views.with(1, 0, pod -> pod.currentEpoch = 101);
    views.with(1, 1, pod -> pod.currentEpoch = 999); // does not vote
    assertThat(failovers(views)).isEmpty();

    views.with(0, 1, pod -> pod.currentEpoch = 101).with(0, 2, pod -> pod.currentEpoch = 101);

    assertThat(failovers(views)).hasSize(1);
  }

  /** Found by the simulation: after a restart of all pods it had copied another shard. */
  @Test
  void aReplicaThatFollowsAnotherServerAtItsMastersAddressIsNoCopy() {
    Views views = away(FailoversTest::lost).knows(0, List.of());
    for (int ordinal = 1; ordinal <= 2; ordinal++) {
      views.with(0, ordinal, pod -> pod.masterHost = views.pod(1, 0).ip);
    }
    assertThat(failovers(views)).isEmpty();

    Views linked = away(FailoversTest::lost).knows(0, List.of());
    for (int ordinal = 1; ordinal <= 2; ordinal++) {
      linked.with(0, ordinal, pod -> pod.linkUp = true);
    }
    assertThat(failovers(linked)).isEmpty();
  }

  /** Found by the simulation: its master came back empty at the same address, and went again. */
  @Test
  void aReplicaThatHasCopiedSomethingElseSinceIsNoCopy() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99).with(0, 1, broken(0));
    assertThat(failovers(views)).hasSize(1);

    views.with(0, 1, pod -> pod.replicationId = "of somebody who is gone by now");

    assertThat(failovers(views)).isEmpty();
    assertThat(views.plan().findings()).extracting(Finding::kind).contains(Kind.SHARD_LOST);
  }

  /** Found by the simulation: the one whose link was down was taken, and had less. */
  @Test
  void aReplicaThatHasNotNoticedYetTakesOver() {
    Views views = Views.formed(3, 2).with(0, 0, FailoversTest::lost).with(0, 1, broken(0));
    views.with(0, 2, pod -> pod.offset = 2000);

    assertThat(failovers(views)).hasSize(1);
    assertThat(failovers(views).getFirst().replica().pod()).isEqualTo("x-shard0-2");
  }

  /** Found by the simulation: a longer history that had been given up won. */
  @Test
  void offsetsOfDifferentHistoriesDoNotCompare() {
    Views views = away(FailoversTest::lost).knows(0, List.of("former", "of " + Views.id(1)));
    views.with(
        0,
        1,
        pod -> {
          pod.replicationId = "former";
          pod.offset = 5000;
        });

    assertThat(failovers(views)).hasSize(1);
    assertThat(failovers(views).getFirst().replica().pod()).isEqualTo("x-shard0-2");
  }

  /** Found by the simulation: a failover was asked for that could not be won, for ever. */
  @Test
  void votersThatHaveNeverHeardOfTheMasterAreNotAsked() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99).with(0, 1, broken(0));
    assertThat(failovers(views)).hasSize(1);
    assertThat(takeovers(views)).isEmpty();

    views.pod(1, 0).table.remove(Views.id(1));

    assertThat(failovers(views)).isEmpty();
    assertThat(takeovers(views)).hasSize(1);
    views.with(2, 1, pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));
    assertThat(takeovers(views)).as("one may be it").isEmpty();
  }

  /** It has what it had before, under the id of the life of its master before the last. */
  @Test
  void aReplicaThatHasNotFollowedItsMastersLastRestartIsACopy() {
    Views views = Views.formed(3, 1).with(0, 0, pod -> pod.replicationId = "new");
    views.with(0, 1, broken(0));
    List<String> known = views.plan().health().shards().getFirst().remembered().replicationIds();
    assertThat(known).containsExactly("of " + Views.id(1), "new");

    views.knows(0, known).replaced(0, 0, 99);

    assertThat(failovers(views)).hasSize(1);
  }

  /**
   * Found by the simulation: it had copied another shard, was restarted, and knew nothing of it.
   */
  @Test
  void aReplicaThatStartedWithKeysOfAnotherShardIsNoCopy() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99);
    views.with(
        0,
        1,
        pod -> {
          pod.linkUp = false; // and never was since it started
          pod.replicationId = "new";
          pod.sampleSlot = 16_000;
        });

    assertThat(failovers(views)).isEmpty();
    assertThat(views.plan().findings()).extracting(Finding::kind).contains(Kind.SHARD_LOST);
    assertThat(failovers(views.with(0, 1, pod -> pod.sampleSlot = 7))).hasSize(1);
  }

  @Test
  void formerReplicationIdsAreDroppedOnceAllReplicasHaveTheNewOne() {
    Views views = Views.formed(3, 1).knows(0, List.of("old", "of " + Views.id(1)));

    assertThat(views.plan().health().shards().getFirst().remembered().replicationIds())
        .containsExactly("of " + Views.id(1));
  }

  /** Found by the simulation: the pod was about to come back with its volume. */
  @Test
  void aPodThatIsGoneComesBackWithItsVolume() {
    Views views = Views.formed(3, 1).with(0, 0, pod -> pod.absent = true);
    views.with(
        0,
        1,
        pod -> {
          pod.linkUp = false; // it has itself just started
          pod.linkDownSeconds = -1;
        });

    assertThat(failovers(views)).isEmpty();
    assertThat(views.plan().findings())
        .extracting(Finding::kind)
        .contains(Kind.MASTER_DOWN)
        .doesNotContain(Kind.SHARD_LOST);
    assertThat(failovers(views.withoutClaim(0, 0))).hasSize(1);
  }

  @Test
  void anEmptyReplicaThatWasNeverLinkedDoesNotHideALoss() {
    Views views = Views.formed(3, 1).replaced(0, 0, 99);
    views.with(
        0,
        1,
        pod -> {
          pod.linkUp = false;
          pod.keys = 0;
        });

    assertThat(failovers(views)).isEmpty();
    assertThat(views.plan().findings()).extracting(Finding::kind).contains(Kind.SHARD_LOST);
  }

  /**
   * Found by the simulation: the start script waited for a successor, and the rule for the master.
   */
  @Test
  void aMasterThatItsStartScriptHoldsBackIsReplacedByTheReplicaThatIsThere() {
    Views views = Views.formed(3, 1);
    views.with(0, 0, pod -> pod.silent(RedisUnavailableException.Kind.REFUSED));
    views.with(0, 0, pod -> pod.createdAt = Views.NOW.minusSeconds(16));
    views.with(0, 1, pod -> pod.linkUp = false);
    assertThat(failovers(views)).isEmpty();

    assertThat(failovers(views.marked(0, 0, Flag.FAIL))).hasSize(1);
  }

  /**
   * Found by chaos: all of its shard had ended in order, and its replica lacked its last writes.
   */
  @Test
  void aMasterThatIsSlowToStartIsWaitedFor() {
    Views views = Views.formed(3, 1);
    views.with(0, 0, pod -> pod.silent(RedisUnavailableException.Kind.REFUSED));
    views.with(0, 0, pod -> pod.createdAt = Views.NOW.minusSeconds(14));
    views.with(0, 1, pod -> pod.linkUp = false);

    assertThat(failovers(views.marked(0, 0, Flag.FAIL))).isEmpty();
  }

  @Test
  void withoutAMajorityTheReplicasTakeOverOneByOne() {
    Views views = away(FailoversTest::lost).with(1, 0, FailoversTest::lost);
    views.with(1, 1, broken(0)).with(1, 2, broken(0));

    assertThat(failovers(views)).isEmpty();
    assertThat(takeovers(views)).hasSize(1);
    assertThat(takeovers(views).getFirst().dead()).hasSize(2);
  }

  /** It would take back, without a vote, what its master gave away. */
  @Test
  void aReplicaThatHasNotHeardThatSlotsMovedDoesNotTakeOver() {
    Views views = away(FailoversTest::lost).with(1, 0, FailoversTest::lost);
    views.with(1, 1, broken(0)).with(1, 2, broken(0));
    SlotSet moved = SlotSet.range(0, 99);
    for (int shard = 0; shard < 2; shard++) {
      views.moved(shard, 2, moved);
      for (int ordinal = 1; ordinal <= 2; ordinal++) {
        Line master = views.pod(shard, ordinal).line(views.pod(shard, 0));
        master.slots = master.slots.plus(moved);
      }
      moved = SlotSet.range(6000, 6099);
    }

    assertThat(takeovers(views)).isEmpty();
  }

  /**
   * Found by the simulation: it had taken over, and was to be outbid by the one with older data.
   */
  @Test
  void aSilentReplicaWithAVolumeMayHaveTakenOverBefore() {
    Views views = away(FailoversTest::lost).with(1, 0, FailoversTest::lost);
    views.with(1, 1, broken(0)).with(1, 2, FailoversTest::lost).with(0, 2, FailoversTest::lost);

    assertThat(takeovers(views)).isEmpty();
    assertThat(takeovers(views.withoutClaim(0, 2))).hasSize(1);
  }

  /** Found by the simulation: its master had taken another epoch just before it died. */
  @Test
  void aVoterThatKnowsOfANewerEpochOfTheMasterDoesNotVoteForAReplicaThatDoesNot() {
    Views views = Views.formed(3, 2).replaced(0, 0, 99).with(0, 1, broken(0)).with(0, 2, broken(0));
    Views.Pod former = Views.formed(3, 2).pod(0, 0);
    assertThat(failovers(views)).hasSize(1);
    views.pod(1, 0).line(former).epoch = 50;

    assertThat(failovers(views)).isEmpty();
    assertThat(takeovers(views)).hasSize(1);

    views.pod(0, 2).line(former).epoch = 50;
    assertThat(takeovers(views)).isEmpty();
    assertThat(failovers(views).getFirst().replica().pod()).isEqualTo("x-shard0-2");
  }

  @Test
  void oneThatMayBeAliveKeepsTheMajority() {
    Views views = away(FailoversTest::lost);
    views.with(1, 0, pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));

    assertThat(failovers(views)).isEmpty();
    assertThat(takeovers(views)).isEmpty();
  }

  /** Found by the simulation: a held back master and a lost one waited for each other's answers. */
  @Test
  void anIdIsGoneWhenEveryPodIsKnownByAnotherEvenIfOneIsSilent() {
    Views views = Views.formed(3, 1).replaced(0, 0, 98).replaced(0, 1, 99);
    views.remembers(0, 0, Views.id(98)).remembers(0, 1, Views.id(99));
    views.with(1, 0, FailoversTest::lost).with(1, 1, broken(0));

    assertThat(takeovers(views)).hasSize(1);
    assertThat(takeovers(views).getFirst().dead()).hasSize(2);
  }

  @Test
  void aSilentServerOnAMachineThatIsCutOffIsReported() {
    Views views = away(pod -> pod.silent(RedisUnavailableException.Kind.TIMEOUT));
    views.host(new KubernetesNode("node-0", false, false));

    assertThat(views.plan().findings())
        .filteredOn(finding -> finding.kind() == Kind.NODE_NOT_READY)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .contains("node-0 is not Ready", "x-shard0-0", "out-of-service"));
  }

  @Test
  void aServerThatCannotWriteToItsDiskIsReported() {
    Views views = Views.formed(3, 1).with(1, 0, pod -> pod.diskError = "aof_last_write_status:err");

    assertThat(views.plan().findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(Kind.DISK);
          assertThat(finding.message()).contains("x-shard1-0", "aof_last_write_status:err");
        });
  }
}
