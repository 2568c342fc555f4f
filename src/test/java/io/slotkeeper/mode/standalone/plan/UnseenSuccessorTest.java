package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertElected;
import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertUndecided;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding.Kind;
import org.junit.jupiter.api.Test;

/** A server was started, and handed the role, while no operator looked. */
class UnseenSuccessorTest {

  @Test
  void oneThatAllOthersFollowLeads() {
    StandaloneViews views = views().master(2, "e", 5, "third", "second").replica(0, "c", 2);
    assertThat(views.replica(1, "b", 2).lead())
        .isInstanceOfSatisfying(
            Lead.Leads.class,
            lead -> {
              assertThat(lead.server().pod().ordinal()).isEqualTo(2);
              assertThat(lead.recorded()).isFalse();
            });
  }

  /** The pod of the recorded primary: by now it has another process. */
  @Test
  void itMayHaveBeenHandedBack() {
    StandaloneViews views = views().master(0, "c", 5, "third", "second").replica(1, "b", 0);
    assertThat(views.replica(2, "e", 0).lead()).isInstanceOf(Lead.Leads.class);
  }

  @Test
  void noneLeadsWhileAPodMayBringMore() {
    StandaloneViews views = views().master(0, "c", 5, "third", "second").replica(1, "b", 0);
    assertUndecided(views.claim(2, 0), Kind.FOREIGN_NODE);
    assertThat(views.replica(2, "e", 0).lead()).isInstanceOf(Lead.Leads.class);
  }

  @Test
  void noneSucceedsAPrimaryThatMayRun() {
    StandaloneViews views = views().silent(0).master(2, "e", 5, "third", "second");
    assertUndecided(views.replica(1, "b", 2), Kind.MASTER_DOWN);
  }

  @Test
  void oneThatACopyDoesNotFollowIsLeftToTheUser() {
    StandaloneViews views = views().master(0, "c", 5, "third", "second").cutOff(1, "b", 0, 3, 90);
    assertUndecided(views, Kind.FOREIGN_NODE);
    assertThat(views.plan().findings().getFirst().message())
        .contains(
            "Pod x-shard0-1 is known to have data",
            "pod x-shard0-0 is a primary",
            "To go on with pod x-shard0-1, run `REPLICAOF 127.0.0.1 1` on the other",
            "run `REPLICAOF 10.0.0.0 6379` on all others");
  }

  /** It led long ago, and was cut off since. */
  @Test
  void aPrimaryOfLongAgoIsLeftToTheUser() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1)
            .claim(0, 1)
            .dead(0)
            .cutOff(1, "b", 0, 3, 90)
            .master(2, "e", 5, "other", "older");
    assertUndecided(views, Kind.FOREIGN_NODE);
  }

  /** It started alone, before there were others. */
  @Test
  void anEmptyPrimaryIsLeftToTheUser() {
    assertUndecided(views().master(0, "c", 0, "fresh").cutOff(1, "b", 0, 3, 90), Kind.FOREIGN_NODE);
  }

  /** The user has decided for it, as the message says. */
  @Test
  void anEmptyPrimaryLeadsOnceNoOtherHasMore() {
    StandaloneViews views = views().master(0, "c", 0, "fresh").listed(0, 1, 1).listed(0, 2, 1);
    views.follower(1, "b", 0, 0).follower(2, "e", 0, 0);
    assertThat(views.lead()).isInstanceOf(Lead.Leads.class);
    assertUndecided(views.replica(2, "e", 0), Kind.FOREIGN_NODE);
  }

  @Test
  void withoutAPrimaryACopyTakesOver() {
    assertElected(views().passive(0, "c", 5).cutOff(1, "b", 0, 3, 90), 1);
  }

  private static StandaloneViews views() {
    return new StandaloneViews(2).remembers(0, "a", 1, 0, 1, 2).claim(0, 1);
  }
}
