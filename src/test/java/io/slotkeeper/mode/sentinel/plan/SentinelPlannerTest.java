package io.slotkeeper.mode.sentinel.plan;

import static io.slotkeeper.mode.sentinel.plan.SentinelViews.TERM;
import static io.slotkeeper.mode.sentinel.plan.SentinelViews.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.mode.standalone.plan.StandaloneViews;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelCommand.Announce;
import io.slotkeeper.plan.SentinelCommand.Configure;
import io.slotkeeper.plan.SentinelCommand.Monitor;
import io.slotkeeper.plan.SentinelCommand.Unmonitor;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SentinelPlannerTest {

  @Test
  void nothingIsDoneWhereAllIsWell() {
    assertThat(healthy().plan().actions()).isEmpty();
    assertThat(healthy().plan().pace()).isEqualTo(RequeuePace.RESTING);
    assertThat(healthy().plan().sentinels()).isEqualTo(new SentinelHealth("orders", 3, 3, 2, true));
  }

  @Test
  void clientsThatAskSentinelsNeedOneWhosePodIsReady() {
    SentinelViews one = healthy().unready(0).unready(1);
    assertThat(Objects.requireNonNull(one.plan().sentinels()).watched()).isTrue();

    SentinelViews none = one.unready(2);
    assertThat(Objects.requireNonNull(none.plan().sentinels()).watched()).isFalse();
    assertThat(Objects.requireNonNull(none.plan().sentinels()).complete()).isTrue();
  }

  @Test
  void aBlankSentinelLearnsThePrimaryAndTheOthers() {
    assertThat(healthy().blank(1).sent(Monitor.class))
        .containsOnlyKeys("x-sentinel-1")
        .allSatisfy((_, monitor) -> {
          assertThat(monitor.primary().ip()).isEqualTo(StandaloneViews.ip(0));
          assertThat(monitor.term()).isEqualTo(TERM);
          assertThat(monitor.quorum()).isEqualTo(2);
          assertThat(monitor.again()).isFalse();
          assertThat(monitor.peers()).extracting("pod").contains("x-sentinel-0", "x-sentinel-2");
          assertThat(monitor.settings()).containsEntry("down-after-milliseconds", "5000");
        });
  }

  /** There is no other in whose name it could be sent a hello. */
  @Test
  void aLoneSentinelMonitorsThePrimaryAgainOnlyWhereItKnowsAnother() {
    SentinelViews alone = healthy().silent(1).missing(2);

    assertThat(alone.knows(0, 0, 0).plan().actions()).isEmpty();
    assertThat(alone.knows(0, 1, 0).sent(Monitor.class))
        .containsOnlyKeys("x-sentinel-0")
        .allSatisfy((_, monitor) -> assertThat(monitor.again()).isTrue());
  }

  @Test
  void aSuccessorIsAnnouncedRightAfterItLeads() {
    SentinelViews views =
        new SentinelViews(
            new StandaloneViews(1)
                .remembers(0, "a", TERM, 0, 1)
                .knows(1, "b")
                .dead(0)
                .cutOff(1, "b", 0, 0, 100));

    assertThat(views.sent(Announce.class))
        .containsOnlyKeys("x-sentinel-0", "x-sentinel-1", "x-sentinel-2")
        .allSatisfy((_, announce) -> {
          assertThat(announce.primary().ip()).isEqualTo(StandaloneViews.ip(1));
          assertThat(announce.term()).isEqualTo(TERM + 1);
          assertThat(announce.peers()).hasSize(2);
        });
    List<Class<?>> kinds = new ArrayList<>();
    views.plan().actions().forEach(action -> kinds.add(action.getClass()));
    assertThat(kinds.indexOf(Action.Promote.class))
        .isLessThan(kinds.indexOf(Action.TellSentinel.class));
    assertThat(term(views)).isEqualTo(TERM + 1);
  }

  /** They vote in epochs, and would not believe an older one. */
  @Test
  void aNewTermIsGreaterThanAnyThatASentinelKnowsOrHasVotedIn() {
    SentinelViews views =
        new SentinelViews(
                new StandaloneViews(1)
                    .remembers(0, "a", TERM, 0, 1)
                    .dead(0)
                    .cutOff(1, "b", 0, 0, 100))
            .changed(2, seen -> with(seen, seen.peers(), seen.replicas(), 9));

    assertThat(term(views)).isEqualTo(10);
    assertThat(views.sent(Announce.class).values()).allMatch(announce -> announce.term() == 10);
  }

  @Test
  void whatSentinelsHaveElectedIsRecordedInTheirTerm() {
    SentinelViews views =
        new SentinelViews(
                new StandaloneViews(1)
                    .remembers(0, "a", TERM, 0, 1)
                    .silent(0)
                    .master(1, "b", 5, "newer", StandaloneViews.LINE))
            .knows(0, 1, 7)
            .knows(1, 1, 7);

    assertThat(term(views)).isEqualTo(7);
    assertThat(views.sent(Announce.class)).containsOnlyKeys("x-sentinel-2");
  }

  /** One was handed the role, and they elected another, all while no operator looked. */
  @Test
  void whatSentinelsHaveElectedIsRecordedThoughItsHistoryIsNotKnown() {
    SentinelViews views =
        new SentinelViews(
                new StandaloneViews(2)
                    .remembers(0, "a", TERM, 0, 1, 2)
                    .knows(1, "b")
                    .passive(0, "d", 5)
                    .master(1, "b", 5, "third", "second"))
            .knows(0, 1, 7)
            .knows(1, 1, 7);

    assertThat(term(views)).isEqualTo(7);
  }

  /** Its pod was replaced before the operator could see which server they had elected. */
  @Test
  void anElectedServerThatIsGoneLedLast() {
    StandaloneViews servers =
        new StandaloneViews(1)
            .remembers(0, "a", TERM, 0, 1)
            .knows(1, "b")
            .passive(0, "c", 5)
            .passive(1, "d", 5);
    SentinelViews views =
        new SentinelViews(servers)
            .knowsStranger(0, "10.0.0.77", 7)
            .changed(0, seen -> at(seen, StandaloneViews.run("b").value()));

    assertThat(views.promoted()).containsExactly(StandaloneViews.pod(1));
    assertThat(term(views)).as("it is announced at its new address").isEqualTo(8);

    servers.silent(1);
    assertThat(views.promoted()).as("nothing older is served").isEmpty();
  }

  private static Monitored at(Monitored seen, String runId) {
    return new Monitored(
        seen.ip(),
        seen.port(),
        runId,
        seen.epoch(),
        seen.votes(),
        seen.quorum(),
        seen.electing(),
        false,
        seen.settings(),
        seen.peers(),
        seen.replicas());
  }

  /** The Sentinel that elects knows the new epoch, and still the former address. */
  @Test
  void whatASentinelSaysWhileItElectsDoesNotCount() {
    SentinelViews views =
        healthy().knows(0, 0, 7).changed(0, SentinelPlannerTest::electing).knows(1, 1, 7);
    views.servers.master(1, "b", 5, "newer", StandaloneViews.LINE);

    assertThat(term(views)).isEqualTo(7);
    assertThat(views.plan().actions())
        .filteredOn(Action.RecordPrimary.class::isInstance)
        .singleElement()
        .matches(
            action -> ((Action.RecordPrimary) action).node().pod().equals(StandaloneViews.pod(1)));
  }

  private static Monitored electing(Monitored seen) {
    return new Monitored(
        seen.ip(),
        seen.port(),
        seen.runId(),
        seen.epoch(),
        0,
        seen.quorum(),
        true,
        false,
        seen.settings(),
        seen.peers(),
        seen.replicas());
  }

  /** A former primary that was silent and takes writes again. */
  @Test
  void aNewerElectionWinsOverThePrimaryThatIsRecorded() {
    SentinelViews views = healthy().knows(0, 1, 7);
    views.servers.master(1, "b", 5, "newer", StandaloneViews.LINE);

    assertThat(term(views)).isEqualTo(7);
    assertThat(views.plan().actions())
        .filteredOn(Action.Follow.class::isInstance)
        .singleElement()
        .matches(action -> ((Action.Follow) action).node().pod().equals(StandaloneViews.pod(0)));
  }

  /** They elect another if it is dead. */
  @Test
  void noneIsElectedBesideASilentServerThatSentinelsHaveElected() {
    SentinelViews views =
        new SentinelViews(
                new StandaloneViews(2)
                    .remembers(0, "a", TERM, 0, 1)
                    .dead(0)
                    .cutOff(1, "b", 0, 0, 100)
                    .silent(2))
            .knows(0, 2, 7);

    assertThat(views.plan().actions()).noneMatch(Action.Promote.class::isInstance);
  }

  /** Of another Redis, say, which has the same name for its primary. */
  @Test
  void anElectionOfAStrangerIsOverruled() {
    SentinelViews views = healthy().knowsStranger(1, "10.9.9.9", 8);

    assertThat(term(views)).isEqualTo(9);
    assertThat(views.sent(Announce.class))
        .hasSize(3)
        .allSatisfy((_, announce) -> {
          assertThat(announce.primary().ip()).isEqualTo(StandaloneViews.ip(0));
          assertThat(announce.term()).isEqualTo(9);
        });
  }

  @Test
  void settingsThatDifferAreSet() {
    assertThat(
            healthy()
                .changed(
                    0,
                    seen ->
                        new Monitored(
                            seen.ip(),
                            seen.port(),
                            seen.runId(),
                            seen.epoch(),
                            0,
                            3,
                            false,
                            false,
                            Map.of("parallel-syncs", "4"),
                            seen.peers(),
                            seen.replicas()))
                .sent(Configure.class))
        .containsOnlyKeys("x-sentinel-0")
        .allSatisfy((_, configure) ->
            assertThat(configure.settings())
                .containsOnly(Map.entry("parallel-syncs", "1"), Map.entry("quorum", "2")));
  }

  @Test
  void aPrimaryOfAnotherNameIsNotMonitoredAnyMore() {
    assertThat(healthy().monitorsToo(2, "former").sent(Unmonitor.class))
        .containsOnlyKeys("x-sentinel-2")
        .allSatisfy((_, command) -> assertThat(command.master()).isEqualTo("former"));
  }

  @Test
  void oneAtATimeForgetsWhatIsGone() {
    SentinelViews views = healthy().changed(0, SentinelPlannerTest::withGhosts);
    views.changed(2, SentinelPlannerTest::withGhosts);

    assertThat(views.sent(Monitor.class))
        .containsOnlyKeys("x-sentinel-0")
        .allSatisfy((_, monitor) -> assertThat(monitor.again()).isTrue());
    assertThat(views.silent(1).sent(Monitor.class)).as("most must stay").isEmpty();
  }

  /** A primary lists a replica that is gone without a word until its connection times out. */
  @Test
  void whatThePrimaryStillListsIsNotForgotten() {
    SentinelViews views =
        healthy().changed(0, seen -> with(seen, seen.peers(), List.of("10.0.0.7:6379"), 0));

    assertThat(views.sent(Monitor.class)).hasSize(1);
    views.servers.listed(0, 7, 30);
    assertThat(views.sent(Monitor.class)).isEmpty();
  }

  private static Monitored withGhosts(Monitored seen) {
    List<Hello.Peer> peers = new ArrayList<>(seen.peers());
    peers.add(new Hello.Peer("f".repeat(40), "10.0.1.77", 26379));
    return with(seen, peers, List.of("10.0.0.77:6379"), 0);
  }

  private static Monitored with(
      Monitored seen, List<Hello.Peer> peers, List<String> replicas, long votes) {
    return new Monitored(
        seen.ip(),
        seen.port(),
        seen.runId(),
        seen.epoch(),
        votes,
        seen.quorum(),
        seen.electing(),
        false,
        seen.settings(),
        peers,
        replicas);
  }

  /** The password is in no reply: what shows that it has another is that the server refuses it. */
  @Test
  void aSentinelThatTheServerRefusesIsSentAllSettings() {
    SentinelViews views = healthy().changed(2, SentinelPlannerTest::refused);

    assertThat(views.sent(Configure.class))
        .containsOnlyKeys("x-sentinel-2")
        .allSatisfy((_, configure) ->
            assertThat(configure.settings()).containsEntry("down-after-milliseconds", "5000"));
    assertThat(views.plan().findings())
        .extracting(Finding::message)
        .anyMatch(
            message -> message.startsWith("The Sentinel in pod x-sentinel-2 gets only errors"));
  }

  private static Monitored refused(Monitored seen) {
    return new Monitored(
        seen.ip(),
        seen.port(),
        seen.runId(),
        seen.epoch(),
        seen.votes(),
        seen.quorum(),
        false,
        true,
        seen.settings(),
        seen.peers(),
        seen.replicas());
  }

  @Test
  void theStatusSaysWhyASentinelDoesNotStart() {
    assertThat(healthy().unschedulable(1, "0/3 nodes are available").plan().findings())
        .filteredOn(finding -> finding.kind() == Finding.Kind.SENTINEL_DOWN)
        .extracting(Finding::message)
        .containsExactly("Pod x-sentinel-1: 0/3 nodes are available.");
  }

  @Test
  void theStatusLearnsWhichSentinelsAreMissing() {
    SentinelViews views = healthy().silent(1).missing(2);

    assertThat(views.plan().sentinels()).isEqualTo(new SentinelHealth("orders", 3, 1, 2, true));
    assertThat(views.plan().findings())
        .filteredOn(finding -> finding.kind() == Finding.Kind.SENTINEL_DOWN)
        .extracting(Finding::message)
        .containsExactly(
            "The Sentinel in pod x-sentinel-1 does not answer: timeout.",
            "Pods of Sentinels that do not exist yet: 1.");
  }

  private static long term(SentinelViews views) {
    return views.plan().actions().stream()
        .filter(Action.RecordPrimary.class::isInstance)
        .map(action -> ((Action.RecordPrimary) action).remembered().owner())
        .map(owner -> Objects.requireNonNull(owner).epoch())
        .findFirst()
        .orElseThrow();
  }
}
