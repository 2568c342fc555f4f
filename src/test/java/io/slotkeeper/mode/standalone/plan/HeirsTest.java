package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.StandaloneViews.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import org.junit.jupiter.api.Test;

/** Servers that may have become primary unseen. */
class HeirsTest {

  /** As its pod stopped, the primary handed over to a server that is cut off since. */
  @Test
  void noneIsElectedBesideASilentServerThatMayHaveTakenOver() {
    assertUndecided(three().passive(0, "d", 5).silent(2));
    assertUndecided(three().dead(0).silent(2));
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

  private static void assertElected(StandaloneViews views, int ordinal) {
    assertThat(views.lead())
        .isInstanceOfSatisfying(
            Lead.Elected.class,
            lead -> assertThat(lead.server().pod().name()).isEqualTo(pod(ordinal)));
  }

  private static void assertUndecided(StandaloneViews views) {
    assertThat(views.lead())
        .isInstanceOfSatisfying(
            Lead.Undecided.class,
            lead -> assertThat(lead.finding().kind()).isEqualTo(Finding.Kind.MASTER_DOWN));
  }
}
