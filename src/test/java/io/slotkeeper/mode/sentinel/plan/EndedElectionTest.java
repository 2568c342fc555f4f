package io.slotkeeper.mode.sentinel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.mode.standalone.plan.StandaloneViews;
import io.slotkeeper.plan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The Sentinels have elected a primary while no operator looked, and its process has ended before
 * the operator could see it. Its address is the same: only its container was started again.
 */
class EndedElectionTest {
  private static final long TERM = SentinelViews.TERM;

  /** Pod 0 was primary, and pods 1 and 2 were in sync. */
  private final StandaloneViews servers =
      new StandaloneViews(2).remembers(0, "a", TERM, 0, 1, 2).knows(1, "b").knows(2, "c");

  /** The server in pod 1 was elected. */
  private SentinelViews views() {
    return new SentinelViews(servers).knows(0, 1, 7).knows(1, 1, 7);
  }

  private List<String> promoted() {
    return views().promoted();
  }

  @Test
  void itLeadsAgainWithWhatIsOnItsDisk() {
    servers.passive(0, "d", 5).passive(1, "e", 5).passive(2, "f", 5);

    assertThat(promoted()).containsExactly(StandaloneViews.pod(1));
  }

  @Test
  void theFormerPrimaryDoesNotTakeOverWhileItStarts() {
    servers.passive(0, "d", 5).dead(1).passive(2, "f", 5);

    assertThat(promoted()).isEmpty();
  }

  @Test
  void aServerThatHasCopiedItHasMoreThanAnOldDump() {
    servers.passive(0, "d", 5).dumped(1, "e", 60).cutOff(2, "c", 1, 3, 100, "of-the-elected");

    assertThat(promoted()).containsExactly(StandaloneViews.pod(2));
  }

  /** It follows that address only since a moment: what it has is from before. */
  @Test
  void aServerThatHasNotCopiedItYetHasNotMore() {
    servers.passive(0, "d", 5).passive(1, "e", 5).cutOff(2, "c", 1, 3, 100);

    assertThat(promoted()).doesNotContain(StandaloneViews.pod(0));
  }

  /** It was started before it was elected, so nothing of it is known. */
  @Test
  void whileItRunsItLeadsWhateverItsHistory() {
    servers.passive(0, "d", 5).master(1, "e", 5, "third", "second").passive(2, "f", 5);

    assertThat(views().plan().actions())
        .filteredOn(Action.RecordPrimary.class::isInstance)
        .extracting(action -> ((Action.RecordPrimary) action).node().pod())
        .containsExactly(StandaloneViews.pod(1));
    assertThat(promoted()).isEmpty();
  }

  @Test
  void anEmptyOneDoesNotLeadInPlaceOfData() {
    servers.passive(0, "d", 5).master(1, "e", 0, "third", null).passive(2, "f", 5);

    assertThat(views().plan().actions()).noneMatch(Action.RecordPrimary.class::isInstance);
  }
}
