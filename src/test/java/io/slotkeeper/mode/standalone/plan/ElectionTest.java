package io.slotkeeper.mode.standalone.plan;

import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertElected;
import static io.slotkeeper.mode.standalone.plan.LeadAssertions.assertUndecided;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.LINE;
import static io.slotkeeper.mode.standalone.plan.StandaloneViews.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodRole;
import org.junit.jupiter.api.Test;

/** Which server leads: the heart of what keeps data. */
class ElectionTest {

  @Test
  void thePrimaryStaysPrimary() {
    assertLeads(views().master(0, "a", 5, LINE).replica(1, "b", 0), 0, true);
  }

  @Test
  void aSecondMasterDoesNotTakeOverFromALivingPrimary() {
    assertLeads(views().master(0, "a", 5, LINE).master(1, "b", 9, "other", LINE), 0, true);
  }

  @Test
  void silenceProvesNothing() {
    assertUndecided(views().silent(0).cutOff(1, "b", 0, 1, 100), Kind.MASTER_DOWN);
  }

  @Test
  void aReplicaInSyncTakesOverFromADeadPrimary() {
    assertElected(views().dead(0).cutOff(1, "b", 0, 0, 100), 1);
  }

  @Test
  void theOneWithTheLongestHistoryTakesOver() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1, 2)
            .claim(0, 1)
            .dead(0)
            .cutOff(1, "b", 0, 0, 100)
            .cutOff(2, "c", 0, 0, 101);
    assertElected(views, 2);
  }

  @Test
  void aReplicaThatWasCutOffBeforeWaitsForThePrimary() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0)
            .claim(0, 1)
            .dead(0)
            .cutOff(1, "b", 0, 7200, 9);
    assertUndecided(views, Kind.MASTER_DOWN);
  }

  @Test
  void theMessageSaysHowToGoOnWithTheOlderCopy() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0)
            .claim(0, 1)
            .dead(0)
            .cutOff(1, "b", 0, 7200, 9);
    assertThat(((Lead.Undecided) views.lead()).finding().message())
        .contains(
            "older copy in pod x-shard0-1",
            "slotkeeper.io/accept-data-loss=" + StandaloneViews.run("a").value());
    assertThat(((Lead.Undecided) views().silent(0).cutOff(1, "b", 0, 1, 9).lead()).finding())
        .extracting(finding -> finding.message())
        .asString()
        .doesNotContain("accept");
  }

  /** The Redis was created again while pods of its predecessor still stop. */
  @Test
  void aStoppingServerOfAPredecessorIsNoMember() {
    StandaloneViews views = new StandaloneViews(0).stopping(StandaloneViews.CREATED);
    assertLeads(views.master(0, "a", 5, LINE), 0, false);
    views.stopping(StandaloneViews.CREATED.minusSeconds(1));
    assertUndecided(views.master(0, "a", 5, LINE), Kind.WAITING);
  }

  @Test
  void itTakesOverWhereTheUserAcceptsTheLoss() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0)
            .claim(0, 1)
            .accepts("a")
            .dead(0)
            .cutOff(1, "b", 0, 7200, 9);
    assertElected(views, 1);
  }

  @Test
  void itTakesOverWhereThePrimaryAndItsVolumeAreGone() {
    StandaloneViews views =
        new StandaloneViews(1).remembers(0, "a", 1, 0).cutOff(1, "b", 0, 7200, 9);
    assertElected(views, 1);
  }

  @Test
  void aCopyOfSomethingElseNeverTakesOver() {
    StandaloneViews views =
        new StandaloneViews(1).remembers(0, "a", 1, 0, 1).claim(0, 1).dead(0).passive(1, "b", 5);
    assertUndecided(views, Kind.MASTER_DOWN);
  }

  @Test
  void afterAllHaveRestartedThePrimaryLeadsAgain() {
    assertElected(views().passive(0, "c", 5).passive(1, "d", 9), 0);
  }

  @Test
  void anEmptyPrimaryDoesNotLeadInPlaceOfACopy() {
    assertElected(views().passive(0, "c", 0).passive(1, "d", 5), 1);
  }

  /** At the address of the former primary was another Redis. */
  @Test
  void aCopyOfAnotherRedisDoesNotLeadInPlaceOfAnEmptyPrimary() {
    assertUndecided(views().passive(0, "c", 0).linked(1, "b", "other"), Kind.SHARD_LOST);
  }

  @Test
  void anEmptyPrimaryWaitsForACopyThatMayCome() {
    assertUndecided(views().claim(1, 0).passive(0, "c", 0).silent(1), Kind.MASTER_DOWN);
  }

  @Test
  void anEmptyPrimaryDoesNotLeadInPlaceOfAnOlderCopy() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0)
            .claim(0, 1)
            .passive(0, "c", 0)
            .passive(1, "d", 5);
    assertUndecided(views, Kind.SHARD_LOST);
    assertElected(views.accepts("a"), 1);
  }

  @Test
  void anEmptyCacheGoesOnWithAnOlderCopy() {
    StandaloneViews views =
        new StandaloneViews(1)
            .ephemeral()
            .remembers(0, "a", 1, 0)
            .passive(0, "c", 0)
            .passive(1, "d", 5);
    assertElected(views, 1);
  }

  @Test
  void theNewestDumpLeads() {
    assertElected(views().dumped(0, "c", 50).dumped(1, "d", 90), 1);
    assertElected(views().dumped(0, "c", 90).dumped(1, "d", 90), 0);
  }

  @Test
  void aDumpWaitsForACopyThatMayBeNewer() {
    assertUndecided(views().claim(1, 0).dumped(0, "c", 50).silent(1), Kind.MASTER_DOWN);
  }

  @Test
  void aLossIsReportedAndNothingServed() {
    assertUndecided(views().passive(0, "c", 0).passive(1, "d", 0), Kind.SHARD_LOST);
  }

  @Test
  void aLossOfACacheIsServedAgain() {
    assertElected(views().ephemeral().passive(0, "c", 0).passive(1, "d", 0), 0);
  }

  @Test
  void aRestartedPrimaryYieldsToALivingCopy() {
    assertElected(views().passive(0, "c", 5).cutOff(1, "b", 0, 1, 100), 1);
  }

  @Test
  void aRestartedPrimaryLeadsBeforeAStaleCopy() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0)
            .claim(0, 1)
            .passive(0, "c", 5)
            .cutOff(1, "b", 0, 7200, 9);
    assertElected(views, 0);
  }

  @Test
  void aHandOverThatWasNotSeenIsFollowed() {
    StandaloneViews views = views().passive(0, "c", 5).master(1, "b", 5, "next", LINE);
    assertLeads(views, 1, false);
  }

  @Test
  void aHandOverUnderWayIsAwaited() {
    StandaloneViews views = views().handingOver(0, "a", 1).cutOff(1, "b", 0, 0, 100);
    assertUndecided(views, Kind.WAITING);
  }

  /** The operator ended between the record and the promotion. */
  @Test
  void theRecordedOneIsPromotedAlthoughItFollowsTheFormer() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(1, "b", 2, 0, 1)
            .claim(0, 1)
            .passive(0, "c", 5)
            .cutOff(1, "b", 0, 9, 100);
    assertElected(views, 1);
  }

  @Test
  void aFreshLinkToAnotherAddressDoesNotMakeACopyCurrent() {
    StandaloneViews views =
        new StandaloneViews(1).remembers(0, "a", 1, 0).claim(0, 1).dead(0).cutOff(1, "b", 7, 0, 9);
    assertUndecided(views, Kind.MASTER_DOWN);
  }

  /** A link that was cut silently breaks much later than the last write came through. */
  @Test
  void aLinkThatHasJustBrokenDoesNotMakeACopyCurrent() {
    StandaloneViews views =
        new StandaloneViews(1).remembers(0, "a", 1, 0).claim(0, 1).dead(0).cutOff(1, "b", 0, 0, 9);
    assertUndecided(views, Kind.MASTER_DOWN);
  }

  /** While no operator looked: each hand-over gives the history a new id. */
  @Test
  void aServerThatWasHandedTheRoleByOneThatWasHandedItLeads() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1, 2)
            .knows(1, "b")
            .knows(2, "c")
            .claim(0, 1)
            .passive(0, "d", 5)
            .passive(1, "e", 5)
            .master(2, "c", 5, "third", "second");
    assertLeads(views, 2, false);
  }

  /** It may have copied anything since it started. */
  @Test
  void anotherProcessOfAnUnknownHistoryDoesNotLead() {
    StandaloneViews views =
        new StandaloneViews(1)
            .remembers(0, "a", 1, 0, 1)
            .knows(1, "b")
            .claim(0, 1)
            .passive(0, "d", 5)
            .master(1, "f", 5, "third", "second");
    assertThat(views.lead()).isNotInstanceOf(Lead.Leads.class);
  }

  /** It handed over to a server that went before the operator saw that. */
  @Test
  void aCopyOfAnUnseenSuccessorTakesOver() {
    StandaloneViews views =
        new StandaloneViews(2)
            .ephemeral()
            .remembers(0, "a", 1, 0, 1, 2)
            .passive(0, "c", 0)
            .passive(1, "d", 0)
            .continued(2, "e", "next", LINE);
    assertElected(views, 2);
  }

  /** It was cut off while another one took over; the replica of that one is to lead, not this. */
  @Test
  void aFormerPrimaryThatComesBackIsNoSuccessor() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(1, "b", 2, 1, 2)
            .remembersIds("older", LINE)
            .claim(1, 2)
            .master(0, "a", 5, "older")
            .dead(1)
            .cutOff(2, "c", 1, 0, 100);
    assertUndecided(views, Kind.FOREIGN_NODE); // while it is there: two would take writes
    assertElected(views.silent(0), 2);
  }

  /** Where all were in sync, a dump may still have the id of long ago. */
  @Test
  void dumpsOfTheSameForgottenHistoryCompare() {
    StandaloneViews views = views().remembersIds("present");
    assertElected(views.dumped(0, "c", 5, 50, "old").dumped(1, "d", 5, 90, "old"), 1);
  }

  /** One that was not in sync in the end may have written a later dump. */
  @Test
  void theNewestDumpTakesOverFromAnEmptyPrimary() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1)
            .claim(0, 1)
            .dumped(0, "c", 0, 0, "fresh")
            .dumped(1, "d", 50)
            .dumped(2, "e", 90);
    assertElected(views, 2);
  }

  /** The operator ended before it saw which id the history of the last primary got. */
  @Test
  void aDumpOfAnUnknownHistoryIsNotPassedOver() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 2, 0, 1)
            .remembersIds(LINE, StandaloneViews.run("a").value())
            .claim(0, 2)
            .dumped(0, "c", 0, 0, LINE)
            .dumped(1, "d", 50)
            .dumped(2, "e", 5, 10, "unknown");
    assertUndecided(views, Kind.SHARD_LOST);
    assertElected(views.accepts("a"), 1);
    assertElected(views.remembersIds(LINE, "present").dumped(0, "c", 5, 60, LINE), 0);
  }

  /** Written before the first replica came: nothing tells how old it is. */
  @Test
  void aDumpWithoutAHistoryYieldsToOneThatHasOne() {
    assertElected(views().dumped(0, "c", 5, 0, "fresh").dumped(1, "d", 50), 1);
  }

  @Test
  void anAofHasEverything() {
    assertElected(views().passive(0, "c", 5).dumped(1, "d", 50), 0);
  }

  @Test
  void twoSuccessorsAreDecidedByTheService() {
    StandaloneViews views =
        new StandaloneViews(2)
            .remembers(0, "a", 1, 0, 1, 2)
            .claim(0, 1)
            .dead(0)
            .master(1, "b", 5, "n1", LINE)
            .master(2, "c", 5, "n2", LINE);
    assertUndecided(views, Kind.FOREIGN_NODE);
    assertLeads(views.label(2, PodRole.MASTER, false), 2, false);
  }

  @Test
  void theClaimTellsThePrimaryWhereThereIsNoStatus() {
    StandaloneViews views =
        new StandaloneViews(1).claim(0, 3).claim(1, 7).passive(0, "c", 5).passive(1, "d", 5);
    assertElected(views, 1);
  }

  /** Recreated with fewer replicas: no pod brings the newest data. */
  @Test
  void nothingOlderIsServedInPlaceOfAClaimThatHasNoPod() {
    StandaloneViews views = new StandaloneViews(0).claim(0, 3).claim(2, 7).passive(0, "c", 5);
    assertUndecided(views, Kind.CLAIM_WITHOUT_POD);
    assertThat(((Lead.Undecided) views.lead()).finding().message())
        .contains("data-x-shard0-2", "spec.standalone.replicas to at least 2");
  }

  @Test
  void theFirstPrimaryIsTheFirstPod() {
    StandaloneViews views = new StandaloneViews(1).passive(0, "a", 0).passive(1, "b", 0);
    assertElected(views, 0);
  }

  @Test
  void theFirstPrimaryIsNotChosenBeforeEveryVolumeIsSeen() {
    StandaloneViews views = new StandaloneViews(1).claim(1, 0).passive(0, "a", 0).silent(1);
    assertUndecided(views, Kind.WAITING);
  }

  @Test
  void theOnlyOneWithDataIsTheFirstPrimary() {
    StandaloneViews views = new StandaloneViews(1).passive(0, "a", 0).passive(1, "b", 5);
    assertElected(views, 1);
  }

  @Test
  void twoWithDataAreLeftToTheUser() {
    StandaloneViews views = new StandaloneViews(1).passive(0, "a", 5).passive(1, "b", 5);
    assertUndecided(views, Kind.FOREIGN_NODE);
  }

  private static StandaloneViews views() {
    return new StandaloneViews(1).remembers(0, "a", 1, 0, 1).claim(0, 1);
  }

  private static void assertLeads(StandaloneViews views, int ordinal, boolean recorded) {
    assertThat(views.lead()).isInstanceOf(Lead.Leads.class);
    Lead.Leads lead = (Lead.Leads) views.lead();
    assertThat(lead.server().pod().name()).isEqualTo(pod(ordinal));
    assertThat(lead.recorded()).isEqualTo(recorded);
  }
}
