package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.plan.UpdateProgress;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the messages say about pods of an older template is safe to follow to the letter. */
class UpdateMessagesTest {
  private static final String ONLY = "has the only copy of its data";

  private static Problem problem(boolean rolling, List<String> outdated, Map<String, String> held) {
    return UpdateMessages.problem(
            new Topology("x", 3, 0, 5000).updating(new UpdatePolicy(rolling, true, Instant.EPOCH)),
            new UpdateProgress(outdated, new TreeMap<>(held), List.of()))
        .orElseThrow();
  }

  @Test
  void aRolloutTellsHowFarItIs() {
    Problem problem = problem(true, List.of("a", "b"), Map.of("a", ONLY));

    assertThat(problem.reason()).isEqualTo(Reason.Updating);
    assertThat(problem.message()).contains("2 of 3");
  }

  @Test
  void aRolloutThatCannotGoOnSaysWhy() {
    Problem problem = problem(true, List.of("a"), Map.of("a", ONLY));

    assertThat(problem.reason()).isEqualTo(Reason.UpdateHeld);
    assertThat(problem.message()).contains("pod a " + ONLY, "spec.cluster.replicas");
  }

  @Test
  void theUserIsAskedToDeleteOnlyPodsThatMayGo() {
    assertThat(problem(false, List.of("a", "b"), Map.of()))
        .satisfies(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.RestartNeeded);
          assertThat(problem.message()).endsWith("True: a, b.");
        });

    Problem held = problem(false, List.of("a", "b"), Map.of("a", ONLY));
    assertThat(held.reason()).isEqualTo(Reason.UpdateHeld);
    assertThat(held.message()).contains("pod a " + ONLY).endsWith("True: b.");
  }

  @Test
  void nothingIsReportedWhereNothingIsOutdated() {
    assertThat(UpdateMessages.problem(new Topology("x", 3, 0, 5000), UpdateProgress.NONE))
        .isEmpty();
  }
}
