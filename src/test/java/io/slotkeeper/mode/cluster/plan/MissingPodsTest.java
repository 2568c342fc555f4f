package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.plan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A controller that may be waiting is nudged, and less and less often where that does not help. */
class MissingPodsTest {
  private final Rollouts rollouts = Rollouts.of(3, 1);

  private void set(int ageSeconds, String nudges) {
    StatefulSetState set = rollouts.set(1, Rollouts.NEW);
    rollouts.sets.put(
        1,
        new StatefulSetState(
            set.name(),
            set.revision(),
            set.pods(),
            Views.NOW.minusSeconds(ageSeconds),
            AttemptHistory.parse(nudges),
            AttemptHistory.NONE));
  }

  private static String nudged(int count, int secondsAgo) {
    return "pods %d %d".formatted(count, Views.NOW.minusSeconds(secondsAgo).getEpochSecond());
  }

  private List<Action.NudgeStatefulSet> nudges() {
    return Actions.of(rollouts.plan(), Action.NudgeStatefulSet.class);
  }

  @Test
  void aControllerWhosePodDoesNotComeIsNudged() {
    rollouts.views.pod(1, 1).absent = true;

    assertThat(nudges())
        .containsExactly(new Action.NudgeStatefulSet(1, AttemptHistory.parse(nudged(1, 0))));
  }

  @Test
  void notWhereAllPodsExistInWhateverState() {
    rollouts.dead(1, 1).terminating = true;

    assertThat(nudges()).isEmpty();
  }

  @Test
  void notBeforeTheControllerHasHadTime() {
    rollouts.views.pod(1, 1).absent = true;
    set(3, "");

    assertThat(nudges()).isEmpty();
  }

  @Test
  void eachTimeAfterTwiceAsLong() {
    rollouts.views.pod(1, 1).absent = true;
    set(3600, nudged(1, 4));
    assertThat(nudges()).isEmpty();
    set(3600, nudged(1, 6));
    assertThat(nudges()).hasSize(1);
    set(3600, nudged(5, 79));
    assertThat(nudges()).isEmpty();
    set(3600, nudged(5, 81));
    assertThat(nudges()).hasSize(1);
    set(3600, nudged(100, 299));
    assertThat(nudges()).isEmpty();
    set(3600, nudged(100, 301));
    assertThat(nudges()).hasSize(1);
  }

  @Test
  void whatIsLongOverCountsNoMore() {
    rollouts.views.pod(1, 1).absent = true;
    set(36_000, nudged(9, 3600));

    assertThat(nudges())
        .containsExactly(new Action.NudgeStatefulSet(1, AttemptHistory.parse(nudged(1, 0))));
  }

  @Test
  void whatOthersWriteThereDoesNoHarm() {
    rollouts.views.pod(1, 1).absent = true;
    for (String text :
        List.of("soon", "pods", "pods -1 x", ",,,", "pods 99999999999 1", "2026-01-01T00:00:00Z")) {
      set(3600, text);
      assertThat(nudges()).as(text).hasSize(1);
    }
    set(3600, "pods 3 99999999999");
    assertThat(nudges()).as("a time in the future").hasSize(1);
  }
}
