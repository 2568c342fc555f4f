package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertElected;
import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertUndecided;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.LINE;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import org.junit.jupiter.api.Test;

/** For which data a primary that came back with less waits. */
class AwaitedTest {

  /** It was removed while the primary led, and the operator ended before it forgot that pod. */
  @Test
  void aReplicaThatWasRemovedIsNotAwaited() {
    StandaloneViews views =
        new StandaloneViews(0)
            .remembers(0, "a", 1, 0)
            .knows(1, "b")
            .claim(0, 1)
            .claim(1, 0)
            .dumped(0, "c", 100);
    assertElected(views, 0);
  }

  @Test
  void theMessageSaysHowToBringACopyThatHasNoPod() {
    StandaloneViews views =
        new StandaloneViews(0)
            .remembers(0, "a", 1, 0, 2)
            .claim(0, 1)
            .claim(2, 0)
            .dumped(0, "c", 100);
    assertUndecided(views, Kind.MASTER_DOWN);
    assertThat(views.plan().findings().getFirst().message())
        .contains(
            "Claim data-x-shard0-2 may have more, and has no pod",
            "Set spec.standalone.replicas to at least 2",
            "accept the loss");
  }

  /** Its pod comes back with its claim, or is gone in a moment. */
  @Test
  void aCopyThatStopsIsAwaited() {
    StandaloneViews views =
        new StandaloneViews(1)
            .ephemeral()
            .remembers(0, "a", 1, 0)
            .passive(0, "c", 0)
            .stopping(NOW.minusSeconds(10))
            .linked(1, "b", LINE);
    assertUndecided(views, Kind.MASTER_DOWN);
    assertThat(views.plan().findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("Pod x-shard0-1 is stopping, and may have more"));
  }

  @Test
  void anEmptyServerThatStopsIsNotAwaited() {
    StandaloneViews views =
        new StandaloneViews(1)
            .ephemeral()
            .remembers(0, "a", 1, 0)
            .passive(0, "c", 0)
            .stopping(NOW.minusSeconds(10))
            .passive(1, "b", 0);
    assertElected(views, 0);
  }
}
