package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real stop script of mode Standalone, with a redis-cli that is not. */
@EnabledOnOs(OS.LINUX)
class StopStandaloneScriptTest {
  private static final String TWO_REPLICAS =
      """
      role:master\r
      connected_slaves:3\r
      slave0:ip=10.0.0.1,port=6379,state=online,offset=99,lag=0\r
      slave1:ip=10.0.0.2,port=6379,state=online,offset=1234,lag=1\r
      slave2:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=5000,lag=0\r
      master_failover_state:%s\r
      """;

  private static final String BEFORE = TWO_REPLICAS.formatted("no-failover");
  private static final String DURING = TWO_REPLICAS.formatted("waiting-for-sync");
  private static final String HANDED_OVER = "role:slave\r\nmaster_failover_state:no-failover\r\n";

  @TempDir Path root;

  @SuppressWarnings("NullAway.Init") // by prepare()
  private Sandbox box;

  @BeforeEach
  void prepare() {
    box = new Sandbox(root, "", Case.named("standalone").blueprint());
    // Says what is in the file "info"; that of "then" after so many sleeps as its name says.
    box.program(
        "bin/redis-cli",
        """
        case "$*" in
        "info replication" | "info persistence replication") cat "$SANDBOX/info" ;;
        "config get shutdown-timeout") printf 'shutdown-timeout\\n10\\n' ;;
        failover*)
          echo "$*" >>"$SANDBOX/done"
          [ ! -f "$SANDBOX/refused" ] || { echo "ERR no"; exit 0; }
          cp "$SANDBOX/during" "$SANDBOX/info"
          echo OK ;;
        client*) echo "$*" >>"$SANDBOX/done" ;;
        esac
        """);
    box.program(
        "bin/sleep",
        """
        echo >>"$SANDBOX/slept"
        then=$SANDBOX/after$(wc -l <"$SANDBOX/slept")
        [ ! -f "$then" ] || cp "$then" "$SANDBOX/info"
        """);
    box.write("info", BEFORE);
    box.write("during", DURING);
  }

  private String stop(String... grace) {
    box.run("stop.sh", grace.length == 0 ? Map.of() : Map.of("SLOTKEEPER_GRACE_SECONDS", grace[0]));
    return box.path("done").toFile().exists() ? box.read("done") : "";
  }

  @Test
  void aPrimaryHandsOverToTheReplicaThatHasMostAndClosesConnections() {
    box.write("after3", HANDED_OVER);

    assertThat(stop())
        .isEqualTo(
            """
            failover to 10.0.0.2 6379 timeout 10000
            client kill type normal
            client kill type pubsub
            """);
    assertThat(box.read("slept")).hasLineCount(3);
  }

  @Test
  void aReplicaJustStops() {
    box.write("info", HANDED_OVER);

    assertThat(stop()).isEmpty();
    assertThat(box.path("data/stopped")).exists();
  }

  @Test
  void aReplicaWithReplicasJustStops() {
    box.write("info", BEFORE.replace("role:master", "role:slave"));

    assertThat(stop()).isEmpty();
  }

  @Test
  void aPrimaryWithoutReplicaInSyncJustStops() {
    box.write("info", BEFORE.replace("online", "wait_bgsave"));

    assertThat(stop()).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerJustStops() {
    box.write("info", "");

    assertThat(stop()).isEmpty();
  }

  @Test
  void whoGivesUpStopsWithItsClients() {
    box.write("after4", BEFORE);

    assertThat(stop()).isEqualTo("failover to 10.0.0.2 6379 timeout 10000\n");
    assertThat(box.read("slept")).hasLineCount(4);
  }

  @Test
  void whoIsRefusedStops() {
    box.write("refused", "");

    assertThat(stop()).isEqualTo("failover to 10.0.0.2 6379 timeout 10000\n");
    assertThat(box.path("slept")).doesNotExist();
  }

  @Test
  void aReplicaThatNeverHasAllDoesNotKeepTheServerForEver() {
    assertThat(stop()).doesNotContain("client");
    assertThat(box.read("slept")).hasLineCount(60);
  }

  /** Ten seconds of the grace period are the server's own, for its replicas, and five more. */
  @Test
  void theGraceOfThePodIsKept() {
    box.program("bin/date", "echo 1700000000\n");

    assertThat(stop("15")).isEmpty();
    assertThat(stop("20")).isEqualTo("failover to 10.0.0.2 6379 timeout 5000\n");
  }
}
