package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigEpochsTest {
  private static final SlotSet GIVEN = SlotSet.range(0, 99);

  /** Given away while one server was away; then the source took others, with a greater epoch. */
  private static Views doubted() {
    Views views = Views.formed(3, 1).moved(0, 1, GIVEN).moved(2, 0, SlotSet.range(16_000, 16_383));
    views.everywhere(views.pod(0, 0), line -> line.epoch = 200);
    Views.Pod away = views.pod(2, 1);
    away.line(views.pod(0, 0)).slots = away.line(views.pod(0, 0)).slots.plus(GIVEN);
    away.line(views.pod(1, 0)).slots = away.line(views.pod(1, 0)).slots.minus(GIVEN);
    return views;
  }

  private static List<Action.BumpEpoch> raises(Views views) {
    return Actions.of(views.plan(), Action.BumpEpoch.class);
  }

  @Test
  void theOwnerThatAServerCannotBelieveTakesAGreaterEpoch() {
    assertThat(raises(doubted()))
        .singleElement()
        .satisfies(raise -> {
          assertThat(raise.owner().pod()).isEqualTo("x-shard1-0");
          assertThat(raise.others()).hasSize(5);
        });
  }

  /** Seen with Valkey 9.1, while a cluster formed: for three minutes, until the test gave up. */
  private static Views disbelieved(int secondsAgo) {
    Views views = Views.formed(3, 1);
    for (String pod : views.topology.pods()) {
      views.pod(pod).createdAt = Views.NOW.minusSeconds(secondsAgo);
    }
    Line wrong = views.pod(0, 1).line(views.pod(1, 1));
    wrong.master = null;
    wrong.epoch = 4;
    return views;
  }

  @Test
  void theMasterOfAReplicaThatIsTakenForAMasterTakesAGreaterEpoch() {
    assertThat(raises(disbelieved(11)))
        .singleElement()
        .satisfies(raise -> assertThat(raise.owner().pod()).isEqualTo("x-shard1-0"));
  }

  @Test
  void theNewsOfAReplicaMayBeUnderWay() {
    assertThat(raises(disbelieved(9))).isEmpty();
  }

  @Test
  void aReplicaIsBelievedWhereItsMasterHasAsGreatAnEpoch() {
    Views views = disbelieved(11);
    views.everywhere(views.pod(1, 0), line -> line.epoch = 4);

    assertThat(raises(views)).isEmpty();
  }

  /** Found by the simulation: it took the epoch that its master had had, and was not believed. */
  @Test
  void aTakeoverWaitsUntilTheReplicaKnowsOfAllEpochs() {
    Views views = Views.formed(1, 2).with(0, 0, pod -> pod.silent(Kind.REFUSED).lost = true);
    views.with(0, 1, ConfigEpochsTest::cutOff).with(0, 2, ConfigEpochsTest::cutOff);
    assertThat(Actions.of(views.plan(), Action.Takeover.class)).hasSize(1);

    views.pod(0, 2).currentEpoch = 101;
    assertThat(Actions.of(views.plan(), Action.Takeover.class)).isEmpty();
  }

  private static void cutOff(Views.Pod pod) {
    pod.linkUp = false;
    pod.linkDownSeconds = 0;
  }

  /** What a server says of a node that says otherwise itself is no claim. */
  @Test
  void theOthersAreNotMistakenMeanwhile() {
    assertThat(doubted().plan().health().shards().get(1).slots().intersect(GIVEN)).isEqualTo(GIVEN);
  }

  @Test
  void aServerThatJustHasNotHeardYetGetsTheNews() {
    Views views = doubted();
    views.everywhere(views.pod(1, 0), line -> line.epoch = 300);

    assertThat(raises(views)).isEmpty();
  }

  @Test
  void notWhileAServerIsAway() {
    assertThat(raises(doubted().with(2, 0, pod -> pod.silent(Kind.TIMEOUT)))).isEmpty();
  }

  /**
   * Found by the simulation: the server told another owner of the greater epoch, with slots that
   * the raised one had only in its table, and that owner deleted their keys.
   */
  @Test
  void aMasterThatIsThoughtToHaveMoreThanItHasComesLast() {
    Views views = doubted();
    Views.Pod away = views.pod(2, 1);
    SlotSet anothers = SlotSet.range(5000, 5099);
    away.line(views.pod(1, 0)).slots = away.line(views.pod(1, 0)).slots.plus(anothers);
    away.line(views.pod(0, 0)).slots = away.line(views.pod(0, 0)).slots.minus(anothers);

    assertThat(raises(views)).isEmpty();
  }
}
