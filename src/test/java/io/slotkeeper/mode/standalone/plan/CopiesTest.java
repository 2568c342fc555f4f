package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertElected;
import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertUndecided;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.LINE;

import io.slotkeeper.model.Finding.Kind;
import org.junit.jupiter.api.Test;

/** Which of several dumps is the newest. */
class CopiesTest {

  /**
   * While a Redis is halted, servers hand over unseen: their histories get ids that are not known.
   */
  @Test
  void aDumpOfAnUnknownHistoryThatIsFurtherIsTheNewest() {
    StandaloneViews views = new StandaloneViews(1).remembers(0, "a", 1, 0, 1).claim(0, 1);
    assertElected(views.dumped(0, "c", 5, 300, "unseen").dumped(1, "d", 2, 60, LINE), 0);
    assertElected(views.dumped(0, "c", 5, 50, "older").dumped(1, "d", 2, 60, LINE), 1);
  }

  /** It was restarted, led without replicas, and wrote its dump then. */
  @Test
  void aDumpWithoutAHistoryIsNewerThanThoseOfFormerHistories() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 2, 0)
            .claim(0, 2)
            .dumped(0, "c", 5, 1, "fresh")
            .dumped(1, "d", 2, 60, LINE);
    assertElected(views.remembersIds(LINE, "alone"), 0);
    assertElected(views.remembersIds("older", LINE), 1);
  }

  /** In sync was what it had in memory; its dump may be older than that of one that was not. */
  @Test
  void whereThePrimaryIsGoneWithItsVolumeADumpWaitsForTheOthers() {
    StandaloneViews views =
        new StandaloneViews(2).remembers(0, "a", 1, 0, 1).dumped(1, "b", 5, 50, LINE);
    assertElected(views, 1);
    assertUndecided(views.claim(2, 0), Kind.MASTER_DOWN);
    assertElected(views.dumped(2, "c", 9, 90, LINE), 2);
  }
}
