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
      master_replid:0123\r
      master_repl_offset:1300\r
      """;

  private static final String REPLICA =
      """
      role:slave\r
      master_link_status:up\r
      slave_repl_offset:%d\r
      master_replid:%s\r
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
        "-h 10.0.0.2 -p 6379 info replication") cat "$SANDBOX/replica" ;;
        "-h 10.0.0.1 -p 6379 info replication") cat "$SANDBOX/other" ;;
        failover*)
          echo "$*" >>"$SANDBOX/done"
          [ ! -f "$SANDBOX/refused" ] || { echo "ERR no"; exit 0; }
          cp "$SANDBOX/during" "$SANDBOX/info"
          echo OK ;;
        client*)
          echo "$*" >>"$SANDBOX/done"
          [ ! -f "$SANDBOX/unpaused" ] || { echo "ERR no"; exit 0; }
          echo OK
          ;;
        esac
        """);
    box.program(
        "bin/sleep",
        """
        echo >>"$SANDBOX/slept"
        then=$SANDBOX/after$(wc -l <"$SANDBOX/slept")
        [ ! -f "$then" ] || cp "$then" "$SANDBOX/info"
        [ ! -f "$then.replica" ] || cp "$then.replica" "$SANDBOX/replica"
        """);
    // Time passes while it sleeps.
    box.program(
        "bin/date",
        """
        touch "$SANDBOX/slept"
        echo $((1700000000 + $(wc -l <"$SANDBOX/slept") / 20))
        """);
    box.write("replica", REPLICA.formatted(1300, "0123"));
    box.write("other", REPLICA.formatted(1300, "0123"));
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
            client pause 120000 write
            failover to 10.0.0.2 6379 force timeout 1
            client kill type normal
            client kill type pubsub
            client unpause
            """);
    assertThat(box.read("slept")).hasLineCount(3);
  }

  /** Its role is forced on it, so that it must have everything before. */
  @Test
  void aReplicaThatLagsIsAwaitedWhileNothingIsWritten() {
    box.write("replica", REPLICA.formatted(1299, "0123"));
    box.write("after2.replica", REPLICA.formatted(1300, "0123"));
    box.write("after3", HANDED_OVER);

    assertThat(stop()).startsWith("client pause 120000 write\nfailover to 10.0.0.2 6379 force");
    assertThat(box.read("slept")).hasLineCount(3);
  }

  @Test
  void oneThatNeverHasAllIsNotForced() {
    box.write("replica", REPLICA.formatted(1299, "0123"));

    assertThat(stop()).isEqualTo("client pause 120000 write\nclient unpause\n");
    assertThat(box.read("slept")).hasLineCount(200);
  }

  /** Deleted at the same time, say: to ask for it at its address would take all of the grace. */
  @Test
  void whereTheFirstIsGoneTheNextIsHandedTheRole() {
    box.write("replica", "");
    box.write(
        "after2",
        BEFORE
            .replace("slave1:ip=10.0.0.2,", "slave1:ip=10.0.0.9,")
            .replace(
                "ip=10.0.0.9,port=6379,state=online", "ip=10.0.0.9,port=6379,state=wait_bgsave"));
    box.write("after4", HANDED_OVER);

    assertThat(stop())
        .startsWith(
            """
            client pause 120000 write
            client unpause
            client pause 120000 write
            failover to 10.0.0.1 6379 force timeout 1
            """);
  }

  @Test
  void oneOfAnotherHistoryIsNotForced() {
    box.write("replica", REPLICA.formatted(1300, "4567"));

    assertThat(stop()).doesNotContain("failover");
  }

  @Test
  void oneThatHasLostItsLinkIsNotForced() {
    box.write("replica", REPLICA.formatted(1300, "0123").replace(":up", ":down"));

    assertThat(stop()).doesNotContain("failover");
  }

  @Test
  void nothingIsForcedWhereWritesGoOn() {
    box.write("unpaused", "");

    assertThat(stop()).isEqualTo("client pause 120000 write\n");
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
  void aPrimaryThatGivesUpStopsWithItsClients() {
    box.write("after4", BEFORE);

    assertThat(stop())
        .isEqualTo(
            """
            client pause 120000 write
            failover to 10.0.0.2 6379 force timeout 1
            client unpause
            """);
    assertThat(box.read("slept")).hasLineCount(4);
  }

  @Test
  void aPrimaryThatIsRefusedStops() {
    box.write("refused", "");

    assertThat(stop()).endsWith("force timeout 1\nclient unpause\n");
    assertThat(box.read("slept")).isEmpty();
  }

  @Test
  void aReplicaThatDoesNotLeadDoesNotKeepTheServerForEver() {
    assertThat(stop()).doesNotContain("client kill");
    assertThat(box.read("slept")).hasLineCount(240);
  }

  /** Ten seconds of the grace period are the server's own, for its replicas, and five more. */
  @Test
  void theGraceOfThePodIsKept() {
    assertThat(stop("15")).isEmpty();
    box.write("replica", REPLICA.formatted(1299, "0123"));
    assertThat(stop("20")).isEqualTo("client pause 20000 write\nclient unpause\n");
    assertThat(box.read("slept")).hasLineCount(100);
  }
}
