package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UnavailableServers;
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

class UnavailableServersTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static Finding of(RedisUnavailableException.Kind kind, String message) {
    return of(pod(Container.RUNNING, null), new ServerAnswer.Failed(kind, message, false));
  }

  private static Finding of(PodState pod, ServerAnswer sight, KubernetesNode... hosts) {
    Member member = new Member(pod, sight);
    ClusterView view =
        new ClusterView(NOW, List.of(member), Remembered.NONE, Set.of()).withNodes(List.of(hosts));
    return UnavailableServers.finding(ClusterModel.of(new Topology("x", 1, 0, 5000), view), member);
  }

  private static PodState pod(Container container, @Nullable Trouble trouble) {
    return new PodState(
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
    KubernetesNode node = new KubernetesNode("node-1", false, false, null);
    PodState pod = pod(Container.RUNNING, null);
    Finding silent =
        of(
            pod,
            new ServerAnswer.Failed(RedisUnavailableException.Kind.TIMEOUT, "no answer", false),
            node);
    assertThat(silent.kind()).isEqualTo(Finding.Kind.NODE_NOT_READY);
    assertThat(silent.message()).contains("switched off and will not come back", "Never");
    Finding busy =
        of(pod, new ServerAnswer.Failed(RedisUnavailableException.Kind.BUSY, "BUSY", false), node);
    assertThat(busy.kind()).isEqualTo(Finding.Kind.BUSY);
  }

  @Test
  void theKubeletsWordsUnlessTheServerAnswers() {
    Trouble trouble = new Trouble(Trouble.Kind.CRASHING, "the server has ended 3 times");
    ServerAnswer refused =
        new ServerAnswer.Failed(
            RedisUnavailableException.Kind.REFUSED, "no process listens", false);
    assertThat(of(pod(Container.WAITING, trouble), refused).kind())
        .isEqualTo(Finding.Kind.CRASHING);
    ServerAnswer loading =
        new ServerAnswer.Failed(RedisUnavailableException.Kind.LOADING, "", false);
    assertThat(of(pod(Container.RUNNING, trouble), loading).kind()).isEqualTo(Finding.Kind.WAITING);
  }

  @Test
  void aServerThatRanOutOfMemoryAndRunsAgainIsOverIt() {
    Trouble trouble = new Trouble(Trouble.Kind.OUT_OF_MEMORY, "killed");
    assertThat(of(pod(Container.TERMINATED, trouble), new ServerAnswer.NoAddress()).kind())
        .isEqualTo(Finding.Kind.OUT_OF_MEMORY);
    assertThat(of(pod(Container.RUNNING, trouble), new ServerAnswer.NoAddress()).kind())
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
    PodState young = pod(Container.WAITING, trouble);
    assertThat(of(young, new ServerAnswer.NoAddress()).kind()).isEqualTo(Finding.Kind.WAITING);
    PodState old =
        new PodState(
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
    assertThat(of(old, new ServerAnswer.NoAddress()).kind()).isEqualTo(Finding.Kind.UNSCHEDULABLE);
  }

  @Test
  void whatTheSchedulerSaysOtherwiseIsTroubleAtOnce() {
    Trouble trouble = new Trouble(Trouble.Kind.UNSCHEDULABLE, "0/3 nodes are available.");
    assertThat(of(pod(Container.WAITING, trouble), new ServerAnswer.NoAddress()).kind())
        .isEqualTo(Finding.Kind.UNSCHEDULABLE);
  }
}
