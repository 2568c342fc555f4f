package io.slotkeeper.resources;

import static io.slotkeeper.resources.StartScriptTest.ME;
import static io.slotkeeper.resources.StartScriptTest.NOT_YET;
import static io.slotkeeper.resources.StartScriptTest.OTHER;
import static io.slotkeeper.resources.StartScriptTest.REPLICA;
import static io.slotkeeper.resources.StartScriptTest.TAKEN_OVER;
import static io.slotkeeper.resources.StartScriptTest.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script of a master with an AOF. It starts at 20 s, and sleeps for ten at a time. */
@EnabledOnOs(OS.LINUX)
class UnwrittenScriptTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("POD_IP", "10.0.0.1");
  private static final String AOF = "data/appendonlydir/appendonly.aof.1.incr.aof";
  private static final String MANIFEST = "data/appendonlydir/appendonly.aof.manifest";

  @TempDir Path root;

  /**
   * @param written when the AOF was written last
   * @param link what its replica says of its link, in seconds that go on
   */
  private Sandbox killedMaster(String settings, long written, String link) throws IOException {
    Sandbox box =
        StartScriptTest.box(root, "appendonly yes\ncluster-node-timeout 5000\n" + settings);
    box.write(
        "data/nodes.conf",
        line(ME, 1, "myself,master", "-", "0-5460")
            + line(OTHER, 3, "master", "-", "5461-16383")
            + line(REPLICA, 2, "slave", ME, ""));
    box.write(MANIFEST, "file appendonly.aof.1.incr.aof seq 1 type i\n");
    box.write(AOF, "");
    for (String file : new String[] {MANIFEST, AOF}) {
      Files.setLastModifiedTime(box.path(file), FileTime.from(Instant.ofEpochSecond(written)));
    }
    box.program("bin/date", "echo $((20 + 10 * $(wc -l <\"$SANDBOX/slept\")))\n");
    box.write("slept", "");
    box.write("answers/10.0.0.2", NOT_YET);
    String[] silence = link.split(":", -1);
    box.program(
        "bin/redis-cli",
        """
        echo "$2 $4" >>"$SANDBOX/asked"
        [ "$6" = replication ] || exec cat "$SANDBOX/answers/$2"
        silent=%s
        [ "$silent" = -1 ] || silent=$((silent + 10 * $(wc -l <"$SANDBOX/slept")))
        printf 'role:slave\\r\\n%s:%%s\\r\\n' "$silent"
        """
            .formatted(silence[1], silence[0]));
    return box;
  }

  private static Sandbox takenOverAfter(int looks, Sandbox box) {
    box.write("answers/10.0.0.2.after" + looks, TAKEN_OVER);
    return box;
  }

  private static String startOf(Sandbox box) {
    return box.run("start.sh", ENVIRONMENT);
  }

  @ParameterizedTest
  @CsvSource({
    "20, master_last_io_seconds_ago:0", // it has not noticed yet
    "5, master_last_io_seconds_ago:14", // nor after the node has lost its power
    "-50, master_link_down_since_seconds:8", // it noticed after repl-timeout
    "5, master_link_down_since_seconds:0", // the server hung before it was killed
    "18, master_link_down_since_seconds:2",
    "19, master_link_down_since_seconds:2", // a second is a matter of rounding
    "15, master_link_down_since_seconds:0",
    "5, master_link_down_since_seconds:10" // the container took long to start
  })
  void waitsForTheReplicaThatWasLinkedUntilTheEnd(long written, String link) throws IOException {
    Sandbox box = takenOverAfter(1, killedMaster("", written, link));

    assertThat(startOf(box))
        .contains("a replica may have writes that are not in the AOF", "another has taken over")
        .contains("server ");
    assertThat(box.read("slept")).hasLineCount(1);
    assertThat(box.read("asked").lines()).containsOnly("10.0.0.2 6379");
  }

  @ParameterizedTest
  @CsvSource({
    "20, master_link_down_since_seconds:4", // it was cut off before the last writes
    "20, master_link_down_since_seconds:-1", // it has been started since
    "20, master_last_io_seconds_ago:4"
  })
  void startsAtOnceWhereNoReplicaCanHaveMore(long written, String link) throws IOException {
    Sandbox box = killedMaster("", written, link);

    assertThat(startOf(box)).doesNotContain("slotkeeper: ").contains("server ");
  }

  /** It has heard of it by gossip alone, right before it was killed. */
  @Test
  void itMayNotKnowWhoseReplicaItIs() throws IOException {
    Sandbox box = takenOverAfter(1, killedMaster("", 20, "master_last_io_seconds_ago:0"));
    box.write("data/nodes.conf", box.read("data/nodes.conf").replace("slave " + ME, "slave -"));

    assertThat(startOf(box)).contains("another has taken over");
  }

  @Test
  void theReplicaMayBeDead() throws IOException {
    Sandbox box = killedMaster("", 20, "master_last_io_seconds_ago:0");
    Files.delete(box.path("answers/10.0.0.2"));

    assertThat(startOf(box)).doesNotContain("slotkeeper: ").contains("server ");
    assertThat(box.read("asked")).hasLineCount(2);
  }

  @Test
  void aLateAnswerCounts() throws IOException {
    Sandbox box = killedMaster("", 20, "master_last_io_seconds_ago:0");
    Files.move(box.path("answers/10.0.0.2"), box.path("answers/10.0.0.2.after1"));
    takenOverAfter(2, box);

    assertThat(startOf(box)).contains("another has taken over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"appendfsync always\n", "appendfsync ALWAYS\n"})
  void whereEachWriteIsInTheAofNoReplicaHasMore(String settings) throws IOException {
    Sandbox box = killedMaster(settings, 20, "master_last_io_seconds_ago:0");

    startOf(box);

    assertThat(box.path("asked")).doesNotExist();
  }

  @Test
  void neitherHasOneMoreAfterAnOrderlyStop() throws IOException {
    Sandbox box = killedMaster("", 20, "master_last_io_seconds_ago:0");
    box.write("data/stopped", "");

    startOf(box);

    assertThat(box.path("asked")).doesNotExist();
  }

  @Test
  void theShardDoesNotWaitForEver() throws IOException {
    Sandbox box = killedMaster("", 20, "master_last_io_seconds_ago:0");

    // Two node timeouts and 20 s are 30 s.
    assertThat(startOf(box))
        .contains("no replica has taken over for 30 seconds: starting with the AOF")
        .contains("server ");
  }
}
