package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The kubelet is made to probe a server that would pass, and less and less often if it does not.
 */
class ReadinessProbesTest {
  private static final Instant START = Views.NOW.minusSeconds(60);

  private final Rollouts rollouts = Rollouts.of(3, 1);
  private final Rollouts.Pod pod = rollouts.pod(1, 1);

  @BeforeEach
  void failTheFirstProbe() {
    pod.ready = false;
    pod.whole = false;
    rollouts.views.pod(1, 1).createdAt = START;
  }

  private List<Action.TriggerProbe> triggers() {
    return Actions.of(rollouts.plan(), Action.TriggerProbe.class);
  }

  private static String probed(int count, int secondsAgo) {
    return "%s %d %d".formatted(START, count, Views.NOW.minusSeconds(secondsAgo).getEpochSecond());
  }

  @Test
  void aReplicaInSyncIsProbedAtOnce() {
    assertThat(triggers())
        .containsExactly(
            new Action.TriggerProbe(
                "x-shard1-1", "uid of x-shard1-1", AttemptHistory.parse(probed(1, 0))));
  }

  @Test
  void thatIsNoReasonToLookAgainSoon() {
    assertThat(rollouts.plan().pace()).isEqualTo(RequeuePace.RESTING);
  }

  @Test
  void aReplicaThatIsNotInSyncWouldFail() {
    rollouts.views.pod(1, 1).linkUp = false;

    assertThat(triggers()).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerWouldFail() {
    rollouts.views.pod(1, 1).silent(Kind.LOADING);

    assertThat(triggers()).isEmpty();
  }

  @Test
  void notBeforeTheKubeletHasProbedByItself() {
    rollouts.views.pod(1, 1).createdAt = Views.NOW.minusSeconds(1);

    assertThat(triggers()).isEmpty();
  }

  @Test
  void notWhereThePodIsReadyOrLeavesOrDoesNotRun() {
    pod.ready = true;
    assertThat(triggers()).as("ready").isEmpty();
    pod.ready = false;
    pod.terminating = true;
    assertThat(triggers()).as("terminating").isEmpty();
    pod.terminating = false;
    pod.container = Container.TERMINATED;
    assertThat(triggers()).as("ended").isEmpty();
  }

  @Test
  void eachTimeAfterTwiceAsLong() {
    pod.probes = probed(1, 0);
    assertThat(triggers()).isEmpty();
    pod.probes = probed(1, 1);
    assertThat(triggers()).hasSize(1);
    pod.probes = probed(5, 15);
    assertThat(triggers()).isEmpty();
    pod.probes = probed(5, 16);
    assertThat(triggers()).hasSize(1);
    pod.probes = probed(100, 299);
    assertThat(triggers()).isEmpty();
    pod.probes = probed(100, 300);
    assertThat(triggers()).hasSize(1);
  }

  @Test
  void aNewRunOfTheContainerStartsWithAShortPauseAgain() {
    pod.probes = "2020-01-01T00:00:00Z 100 %d".formatted(Views.NOW.getEpochSecond());

    assertThat(triggers())
        .extracting(trigger -> trigger.probes().toString())
        .containsExactly(probed(1, 0));
  }

  @Test
  void whatOthersWriteThereDoesNoHarm() {
    for (String text : List.of("soon", "-", ",,,", START + " x 1", START + " 3 99999999999")) {
      pod.probes = text;
      assertThat(triggers()).as(text).hasSize(1);
    }
  }
}
