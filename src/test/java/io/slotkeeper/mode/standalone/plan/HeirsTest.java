package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertElected;
import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertUndecided;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding.Kind;
import org.junit.jupiter.api.Test;

/** Servers that may have become primary unseen. */
class HeirsTest {

  /** As its pod stopped, the primary handed over to a server that is cut off since. */
  @Test
  void noneIsElectedBesideASilentServerThatMayHaveTakenOver() {
    assertUndecided(three().passive(0, "d", 5).silent(2), Kind.MASTER_DOWN);
    assertUndecided(three().dead(0).silent(2), Kind.MASTER_DOWN);
    assertThat(((Lead.Undecided) three().dead(0).silent(2).lead()).finding().message())
        .contains("may have handed over to pod x-shard0-2");
  }

  @Test
  void aServerThatIsStartingOrWasNotInSyncHasNotTakenOver() {
    assertElected(three().dead(0).refusing(2), 1);
    assertElected(three().dead(0).dead(2), 1);
    assertElected(three().dead(0), 1);
    StandaloneViews behind =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1)
            .dead(0)
            .cutOff(1, "b", 0, 0, 100)
            .silent(2);
    assertElected(behind, 1);
  }

  private static StandaloneViews three() {
    return new StandaloneViews(2)
        .remembers(0, "a", 1, 0, 1, 2)
        .claim(0, 1)
        .cutOff(1, "b", 0, 0, 100);
  }
}
