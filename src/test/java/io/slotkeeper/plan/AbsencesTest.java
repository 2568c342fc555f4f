package io.slotkeeper.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.PodView.Container;
import io.slotkeeper.observe.PodView.Trouble;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.redis.RedisUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AbsencesTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static Finding of(RedisUnavailableException.Kind kind, String message) {
    return of(pod(Container.RUNNING, null), new Sight.Unseen(kind, message, false));
  }

  private static Finding of(PodView pod, Sight sight, Host... hosts) {
    Member member = new Member(pod, sight);
    ClusterView view =
        new ClusterView(NOW, List.of(member), Memory.NONE, Set.of()).on(List.of(hosts));
    return Absences.finding(Situation.of(new Topology("x", 1, 0, 5000), view), member);
  }

  private static PodView pod(Container container, @Nullable Trouble trouble) {
    return new PodView(
        "x-shard0-0", "uid", 0, 0, "10.0.0.1", "node-1", NOW, false, false, container, trouble);
  }

  @ParameterizedTest
  @CsvSource({
    "LOADING, WAITING",
    "BUSY, BUSY",
    "MAX_CLIENTS, MAX_CLIENTS",
    "WRONG_PASSWORD, WRONG_PASSWORD",
    "PASSWORD_REQUIRED, WRONG_PASSWORD",
    "NO_PASSWORD, WRONG_PASSWORD",
    "NOT_PERMITTED, NOT_PERMITTED",
    "ERROR, SERVER_ERROR",
    "REFUSED, WAITING",
    "TIMEOUT, WAITING",
    "CLOSED, WAITING"
  })
  void eachReplyIsWhatItIs(RedisUnavailableException.Kind kind, Finding.Kind expected) {
    Finding finding = of(kind, "ERR what the server said");
    assertThat(finding.kind()).isEqualTo(expected);
    assertThat(finding.message()).contains("pod x-shard0-0");
    if (!kind.isAboutPassword()) {
      assertThat(finding.message()).doesNotContainIgnoringCase("password");
    }
  }

  /** A server that runs may have the only copy of its data. */
  @ParameterizedTest
  @EnumSource
  void noAdviceIsToDeleteOrRestartAPodThatRuns(RedisUnavailableException.Kind kind) {
    assertThat(of(kind, "ERR what the server said").message())
        .doesNotContainIgnoringCase("delete")
        .doesNotContain("NOSAVE")
        .doesNotMatch("(?i).*(?<!Do not )restart pods?.*");
  }

  @Test
  void theRightWayToEndAScript() {
    assertThat(
            of(
                    RedisUnavailableException.Kind.BUSY,
                    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.")
                .message())
        .contains("busy with a script", "redis-cli script kill");
    assertThat(
            of(
                    RedisUnavailableException.Kind.BUSY,
                    "BUSY Valkey is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.")
                .message())
        .contains("busy with a script", "redis-cli function kill");
    assertThat(
            of(RedisUnavailableException.Kind.BUSY, "BUSY Redis is busy running a module command.")
                .message())
        .contains("busy with a command of a module")
        .doesNotContain("kill");
  }

  @Test
  void theServersOwnWords() {
    assertThat(
            of(
                    RedisUnavailableException.Kind.MAX_CLIENTS,
                    "ERR max number of clients + cluster connections reached")
                .message())
        .contains("\"ERR max number of clients + cluster connections reached\"", "maxclients");
    assertThat(of(RedisUnavailableException.Kind.ERROR, "ERR " + "a".repeat(1000)).message())
        .hasSizeLessThan(400)
        .contains("…");
  }

  @Test
  void howFarLoadingIs() {
    assertThat(
            of(RedisUnavailableException.Kind.LOADING, "it is reading its data set, 40 %")
                .message())
        .isEqualTo("The server in pod x-shard0-0 is loading its data, 40 %.");
  }

  @Test
  void aNodeThatIsNotReadyMattersOnlyWhileTheServerIsSilent() {
    Host host = new Host("node-1", false, false, null);
    PodView pod = pod(Container.RUNNING, null);
    Finding silent =
        of(pod, new Sight.Unseen(RedisUnavailableException.Kind.TIMEOUT, "no answer", false), host);
    assertThat(silent.kind()).isEqualTo(Finding.Kind.HOST_CUT);
    assertThat(silent.message()).contains("switched off and will not come back", "Never");
    Finding busy =
        of(pod, new Sight.Unseen(RedisUnavailableException.Kind.BUSY, "BUSY", false), host);
    assertThat(busy.kind()).isEqualTo(Finding.Kind.BUSY);
  }

  @Test
  void theKubeletsWordsUnlessTheServerAnswers() {
    Trouble trouble = new Trouble(Trouble.Kind.CRASHING, "the server has ended 3 times");
    Sight refused =
        new Sight.Unseen(RedisUnavailableException.Kind.REFUSED, "no process listens", false);
    assertThat(of(pod(Container.WAITING, trouble), refused).kind())
        .isEqualTo(Finding.Kind.CRASHING);
    Sight loading = new Sight.Unseen(RedisUnavailableException.Kind.LOADING, "", false);
    assertThat(of(pod(Container.RUNNING, trouble), loading).kind()).isEqualTo(Finding.Kind.WAITING);
  }

  @Test
  void aServerThatRanOutOfMemoryAndRunsAgainIsOverIt() {
    Trouble trouble = new Trouble(Trouble.Kind.OUT_OF_MEMORY, "killed");
    assertThat(of(pod(Container.TERMINATED, trouble), new Sight.Unaddressed()).kind())
        .isEqualTo(Finding.Kind.OUT_OF_MEMORY);
    assertThat(of(pod(Container.RUNNING, trouble), new Sight.Unaddressed()).kind())
        .isEqualTo(Finding.Kind.WAITING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "persistentvolumeclaim \"data-x-shard0-0\" not found",
        "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."
      })
  void aClaimThatIsStillToComeIsNoTroubleYet(String message) {
    Trouble trouble = new Trouble(Trouble.Kind.UNSCHEDULABLE, message);
    PodView young = pod(Container.WAITING, trouble);
    assertThat(of(young, new Sight.Unaddressed()).kind()).isEqualTo(Finding.Kind.WAITING);
    PodView old =
        new PodView(
            "x-shard0-0",
            "uid",
            0,
            0,
            null,
            null,
            NOW.minusSeconds(31),
            false,
            false,
            Container.WAITING,
            trouble);
    assertThat(of(old, new Sight.Unaddressed()).kind()).isEqualTo(Finding.Kind.UNSCHEDULABLE);
  }

  @Test
  void whatTheSchedulerSaysOtherwiseIsTroubleAtOnce() {
    Trouble trouble = new Trouble(Trouble.Kind.UNSCHEDULABLE, "0/3 nodes are available.");
    assertThat(of(pod(Container.WAITING, trouble), new Sight.Unaddressed()).kind())
        .isEqualTo(Finding.Kind.UNSCHEDULABLE);
  }
}
