package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a nodes.conf is made again, and what is in it then; the servers in it are not real. */
@EnabledOnOs(OS.LINUX)
class MendedConfTest {
  private static final Map<String, String> POD =
      Map.of("POD_IP", "10.0.0.1", "HOSTNAME", "x-shard0-0");
  private static final String MANIFEST = "data/appendonlydir/appendonly.aof.manifest";
  private static final String ME = "a".repeat(40);
  private static final String REPLICA = "b".repeat(40);
  private static final String MASTER = "e".repeat(40);
  private static final String OTHER = "c".repeat(40);
  private static final String GOOD =
      line(ME, "10.0.0.1", "myself,master", "-", 3, "0-5460")
          + line(OTHER, "10.0.0.3", "master", "-", 2, "5461-16383")
          + "vars currentEpoch 3 lastVoteEpoch 0\n";

  @TempDir Path root;

  private static String line(
      String id, String ip, String flags, String master, int epoch, String slots) {
    return "%s %s:6379@16379 %s %s 0 1700000000000 %d connected%s\n"
        .formatted(id, ip, flags, master, epoch, slots.isEmpty() ? "" : " " + slots);
  }

  /** A server with data, whose peers answer what is in answers/HOST. */
  private Sandbox box() {
    Sandbox box = new Sandbox(root, "appendonly yes\ncluster-node-timeout 5000\n");
    box.program("bin/redis-server", "echo \"server $*\"\n");
    box.program("bin/redis-cli", "cat \"$SANDBOX/answers/$2\"\n");
    // What answers/<host>.after<n> says is the answer after n sleeps.
    box.program(
        "bin/sleep",
        """
        echo >>"$SANDBOX/slept"
        n=$(wc -l <"$SANDBOX/slept")
        for next in "$SANDBOX"/answers/*."after$n"; do
          [ -f "$next" ] && mv "$next" "${next%.after*}"
        done
        [ "$n" -lt 20 ] || kill $PPID
        """);
    box.write(MANIFEST, "file appendonly.aof.1.base.rdb seq 1 type b\n");
    return box;
  }

  private static String seenByOther(String mine) {
    return mine
        + line(REPLICA, "10.0.0.2", "slave", ME, 3, "")
        + line(OTHER, "10.0.0.3", "myself,master", "-", 7, "5461-16383 [17-<-" + ME + "]")
        + line("d".repeat(40), "10.0.0.9", "handshake", "-", 0, "");
  }

  private static void assertMended(Sandbox box, String... lines) {
    assertThat(box.run("start.sh", POD)).contains("is made again");
    assertThat(box.read("data/nodes.conf")).contains(lines).doesNotContain("handshake", "[17");
    assertThat(box.read("data/node.id")).isEqualTo(ME + "\n");
  }

  private static final String MINE = ME + " 10.0.0.1:6379@16379 myself,master - 0 0 3 connected";

  @Test
  void aGoodFileStaysAndItsIdIsKeptBesideIt() {
    Sandbox box = box();
    box.write("data/nodes.conf", GOOD + "\n\n\n");

    assertThat(box.run("start.sh", POD)).startsWith("server ");
    assertThat(box.read("data/nodes.conf")).startsWith(GOOD);
    assertThat(box.read("data/node.id")).isEqualTo(ME + "\n");
  }

  @Test
  void aNewServerHasNothingToMend() {
    Sandbox box = box();
    box.write("data/nodes.conf", "");
    box.path(MANIFEST).toFile().delete();

    assertThat(box.run("start.sh", POD)).startsWith("server ");
  }

  @Test
  void dataThatNeverHadANodesConfIsARestore() {
    assertThat(box().run("start.sh", POD)).startsWith("server ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "half a li",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:6379@16379 myself,master - 0 0 3",
        "vars currentEpoch 3 lastVoteEpoch 0\\n",
        "\\000\\000\\000\\000"
      })
  void whateverTheServerCouldNotReadIsMadeAgainAsTheOthersKnowIt(String broken) {
    Sandbox box = box();
    box.write("data/nodes.conf", broken.replace("\\n", "\n").replace("\\000", "\0"));
    box.write("data/node.id", ME + "\n");
    box.write("answers/x", seenByOther(line(ME, "10.0.0.7", "master,fail", "-", 3, "0-5460")));

    assertMended(
        box,
        MINE + " 0-5460\n",
        line(OTHER, "10.0.0.3", "master", "-", 7, "5461-16383"),
        "vars currentEpoch 7 lastVoteEpoch 7\n");
    assertThat(Files.exists(box.path("data/nodes.conf.new"))).isFalse();
  }

  @Test
  void anIdThatIsNowhereIsThatOfTheServerAtThisAddress() {
    Sandbox box = box();
    box.write("data/nodes.conf", "");
    box.write("answers/x", seenByOther(line(ME, "10.0.0.1", "master,fail?", "-", 3, "0-5460")));

    assertMended(box, MINE + " 0-5460\n");
  }

  @Test
  void aFileThatIsGoneIsMadeAgainToo() {
    Sandbox box = box();
    box.write("data/node.id", ME + "\n");
    box.write("answers/x-gvr", seenByOther(line(ME, "10.0.0.7", "slave", MASTER, 7, "")));

    assertMended(box, ME + " 10.0.0.1:6379@16379 myself,slave " + MASTER + " 0 0 7 connected\n");
  }

  @Test
  void aServerThatLostItsSlotsFollowsTheMasterOfItsShard() {
    Sandbox box = box();
    box.write("data/nodes.conf", "");
    box.write("data/node.id", ME + "\n");
    box.write("answers/x", seenByOther(line(ME, "10.0.0.7", "master,fail", "-", 3, "")));
    box.write(
        "answers/x-shard0-1.x-gvr", line(REPLICA, "10.0.0.2", "myself,master", "-", 8, "0-5460"));

    assertMended(box, ME + " 10.0.0.1:6379@16379 myself,slave " + REPLICA + " 0 0 3 connected\n");
  }

  @Test
  void itWaitsForAServerThatKnows() {
    Sandbox box = box();
    box.write("data/stopped", ""); // so that it waits for nothing else
    box.write("data/nodes.conf", "");
    box.write("data/node.id", ME + "\n");
    box.write("answers/x", line("e".repeat(40), "10.0.0.8", "myself,master", "-", 0, ""));
    box.write(
        "answers/x.after5", seenByOther(line(ME, "10.0.0.7", "master,fail", "-", 3, "0-5460")));

    assertMended(box, MINE + " 0-5460\n");
    assertThat(box.read("slept")).hasLineCount(5);
  }

  /** Gossip carries no slots, no master and no epoch, and a new server may know no more. */
  @ParameterizedTest
  @ValueSource(strings = {"master", "slave"})
  void aServerThatHasOnlyHeardOfItDoesNotKnow(String flags) {
    Sandbox box = box();
    box.path(MANIFEST).toFile().delete();
    box.write("data/nodes.conf", "half a li");
    box.write("data/node.id", ME + "\n");
    box.write(
        "answers/x",
        line(ME, "10.0.0.7", flags, "-", 0, "")
            + line("e".repeat(40), "10.0.0.8", "myself,master", "-", 4, ""));
    box.write(
        "answers/x.after5",
        line(ME, "10.0.0.7", "master,fail", "-", 3, "0-5460")
            + line(OTHER, "10.0.0.3", "myself,master", "-", 7, "5461-16383"));

    assertMended(box, MINE + " 0-5460\n");
    assertThat(box.read("slept")).hasLineCount(5);
  }

  @Test
  void withDataNorDoesAMasterThatHasOnlyHeardOfIt() {
    Sandbox box = box();
    box.write("data/nodes.conf", "half a li");
    box.write("data/node.id", ME + "\n");
    box.write("answers/x", seenByOther(line(ME, "10.0.0.7", "slave", "-", 0, "")));
    box.write("answers/x.after5", seenByOther(line(ME, "10.0.0.7", "slave", MASTER, 7, "")));

    assertMended(box, ME + " 10.0.0.1:6379@16379 myself,slave " + MASTER + " 0 0 7 connected\n");
    assertThat(box.read("slept")).hasLineCount(5);
  }

  /** A master with slots knows of all others that have some. */
  @Test
  void aServerThatHasJustComeIsNewAgain() {
    Sandbox box = box();
    box.path(MANIFEST).toFile().delete();
    box.write("data/nodes.conf", "half a li");
    box.write("data/node.id", ME + "\n");
    box.write("answers/x", seenByOther(line(ME, "10.0.0.7", "master", "-", 0, "")));

    assertMended(box, ME + " 10.0.0.1:6379@16379 myself,master - 0 0 0 connected\n");
  }

  /** It is to take over from that one, whose slots it must know for that. */
  @Test
  void aReplicaKnowsItsMasterThatHasNoAddressAnyMore() {
    String dead = " :0@0 master,fail,noaddr - 0 1700000000000 2 disconnected 0-5460\n";
    Sandbox box = box();
    box.write("data/nodes.conf", "half a li");
    box.write("data/node.id", ME + "\n");
    box.write(
        "answers/x",
        line(ME, "10.0.0.1", "slave,fail", REPLICA, 2, "")
            + (REPLICA + dead)
            + line(OTHER, "10.0.0.3", "myself,master", "-", 7, "5461-16383")
            + ("e".repeat(40) + dead));

    assertMended(box, "myself,slave " + REPLICA, REPLICA + dead);
    assertThat(box.read("data/nodes.conf")).doesNotContain("e".repeat(40));
  }
}
