package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class StopScriptTest {
  private static final String TWO_REPLICAS =
      """
      role:master\r
      connected_slaves:3\r
      slave0:ip=10.0.0.1,port=6379,state=online,offset=99,lag=0\r
      slave1:ip=10.0.0.2,port=6379,state=online,offset=1234,lag=1\r
      slave2:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=5000,lag=0\r
      """;

  @TempDir Path root;

  @SuppressWarnings("NullAway.Init") // by prepare()
  private Sandbox box;

  @BeforeEach
  void prepare() {
    box = new Sandbox(root, "");
    // Says what is in the file "info"; a failover makes the server a replica.
    box.program(
        "bin/redis-cli",
        """
        case "$*" in
        "info replication") cat "$SANDBOX/info" ;;
        *"cluster failover") echo "$*" | tee -a "$SANDBOX/orders" >>"$SANDBOX/failovers"; $ON_FAILOVER; echo OK ;;
        client*) echo "$*" >>"$SANDBOX/orders"; echo OK ;;
        "config get cluster-node-timeout") printf 'cluster-node-timeout\\n5000\\n' ;;
        esac
        """);
    // The test does not wait: it records how long the script would sleep, and the clock follows.
    box.program("bin/sleep", "echo \"$1\" >>\"$SANDBOX/slept\"");
    box.program(
        "bin/date",
        """
        touch "$SANDBOX/slept"
        slept=$(($(grep -c 0.05 "$SANDBOX/slept") / 20))
        for whole in $(grep -v '[.]' "$SANDBOX/slept"); do slept=$((slept + whole)); done
        echo $((1700000000 + slept))
        """);
  }

  private int stop(String info, String onFailover) {
    return stopIn("redis-shard0-1", info, onFailover);
  }

  private int stopIn(String pod, String info, String onFailover) {
    box.write("info", info);
    var environment = Map.of("ON_FAILOVER", onFailover, "HOSTNAME", pod);
    return Sandbox.exitCode(box.start("stop.sh", environment));
  }

  @Test
  void aMasterHandsOverToTheOnlineReplicaThatHasMost() {
    assertThat(stop(TWO_REPLICAS, "cp /dev/null " + root.resolve("info"))).isZero();
    assertThat(box.read("orders"))
        .isEqualTo(
            """
            client pause 120000 write
            -h 10.0.0.2 -p 6379 cluster failover
            client unpause
            """);
  }

  /** By itself it takes them again after 5 s, and a replica that has won may be silent so long. */
  @Test
  void takesNoWritesUntilTheReplicaHasTakenOver() {
    box.program(
        "bin/sleep",
        """
        echo "$1" >>"$SANDBOX/slept"
        [ $(wc -l <"$SANDBOX/slept") -lt 240 ] || : >"$SANDBOX/info"
        """);
    assertThat(stop(TWO_REPLICAS, "true")).isZero();
    assertThat(box.read("orders")).hasLineCount(3).endsWith("client unpause\n");
  }

  @Test
  void leavesWordForTheNextStart() {
    assertThat(stop("role:slave\r\n", "false")).isZero();
    assertThat(root.resolve("data/stopped")).exists();
  }

  @Test
  void aReplicaJustStops() {
    assertThat(stop("role:slave\r\nmaster_link_status:up\r\n", "false")).isZero();
    assertThat(Files.exists(root.resolve("failovers"))).isFalse();
  }

  @Test
  void aMasterWithoutReplicaInSyncJustStops() {
    String info =
        "role:master\r\nslave0:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=5,lag=0\r\n";
    assertThat(stop(info, "false")).isZero();
    assertThat(Files.exists(root.resolve("failovers"))).isFalse();
  }

  @Test
  void doesNotWaitForAReplicaThatGoesToo() {
    box.write("alone", "role:master\r\nconnected_slaves:0\r\n");
    String gone = "cp " + root.resolve("alone") + " " + root.resolve("info");
    assertThat(stop(TWO_REPLICAS, gone)).isZero();
  }

  @Test
  void aServerThatDoesNotAnswerJustStops() {
    assertThat(stop("", "false")).isZero();
    assertThat(Files.exists(root.resolve("failovers"))).isFalse();
  }

  @Test
  void shardsTakeTurns() {
    String taken = "cp /dev/null " + root.resolve("info");
    assertThat(stopIn("my-shard-shard7-1", TWO_REPLICAS, taken)).isZero();
    assertThat(box.read("slept")).isEqualTo("1.4\n");
  }

  @Test
  void aFailoverThatGotTooFewVotesIsTriedAgainWhenThereMayBeAnother() {
    box.program(
        "bin/second", "[ $(wc -l <$SANDBOX/failovers) -lt 2 ] || cp /dev/null $SANDBOX/info");
    assertThat(stop(TWO_REPLICAS, "second")).isZero();
    assertThat(box.read("failovers")).hasLineCount(2);
    // The replica can win for 5 s and two node timeouts, and asks for no votes for four.
    assertThat(box.read("slept").lines().filter("0.05"::equals)).hasSize(300);
    assertThat(box.read("slept")).endsWith("0.05\n6\n");
    assertThat(box.read("orders").lines().filter("client unpause"::equals)).hasSize(2);
  }

  @Test
  void aFailoverThatNeverComesAboutDoesNotKeepTheServerForEver() {
    assertThat(stop(TWO_REPLICAS, "true")).isZero();
    assertThat(box.read("failovers")).hasLineCount(2);
  }
}
