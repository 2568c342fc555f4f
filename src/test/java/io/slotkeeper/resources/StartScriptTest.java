package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real start script, with a server, a redis-cli and a clock that are not. */
@EnabledOnOs(OS.LINUX)
class StartScriptTest {
  private static final Map<String, String> NO_PASSWORD = Map.of("POD_IP", "10.0.0.1");
  private static final String AOF = "appendonly yes\ncluster-node-timeout 5000\n";
  private static final String RDB = "appendonly no\ncluster-node-timeout 5000\n";
  private static final String MANIFEST = "data/appendonlydir/appendonly.aof.manifest";

  static final String ME = "a".repeat(40);
  static final String REPLICA = "b".repeat(40);
  static final String OTHER = "c".repeat(40);

  /** A line of CLUSTER NODES, with the fields that newer servers add. */
  static String line(String id, int host, String flags, String master, String slots) {
    return "%s 10.0.0.%d:6379@16379,,tls-port=0,shard-id=e %s %s 0 1700000000000 1 connected%s\n"
        .formatted(id, host, flags, master, slots.isEmpty() ? "" : " " + slots);
  }

  private static final String OF_A_MASTER_WITH_A_REPLICA =
      line(ME, 1, "myself,master", "-", "0-5460 [17->-" + OTHER + "]")
          + line(OTHER, 3, "master", "-", "5461-16383")
          + line(REPLICA, 2, "slave", ME, "")
          + "vars currentEpoch 2 lastVoteEpoch 0\n";

  static final String NOT_YET =
      line(ME, 1, "master,fail?", "-", "0-5460")
          + line(REPLICA, 2, "myself,slave", ME, "")
          + line(OTHER, 3, "master", "-", "5461-16383");

  static final String TAKEN_OVER =
      line(ME, 1, "master,fail", "-", "")
          + line(REPLICA, 2, "myself,master", "-", "0-5460")
          + line(OTHER, 3, "master", "-", "5461-16383");

  private static final String STRANGER = line("d".repeat(40), 2, "myself,master", "-", "");

  @TempDir Path root;

  private Sandbox box(String conf) {
    return box(root, conf);
  }

  /** A server that says that it starts, whose peers answer what is in answers/HOST. */
  static Sandbox box(Path root, String conf) {
    Sandbox box = new Sandbox(root, conf);
    // With "-" it is only asked whether it takes the settings.
    box.program(
        "bin/redis-server",
        "[ \"$1\" != - ] || exit 1\nenv >\"$SANDBOX/environment\"\necho \"server $*\"\n");
    // redis-cli -h IP -p PORT cluster nodes, or info keyspace
    box.program(
        "bin/redis-cli",
        """
        echo "$2 $4" >>"$SANDBOX/asked"
        [ "$6" = keyspace ] && cat "$SANDBOX/keyspace" || cat "$SANDBOX/answers/$2"
        """);
    // Ten seconds pass between one look at the clock and the next.
    box.program(
        "bin/date",
        "now=$(($(cat \"$SANDBOX/now\" || echo 0) + 10))\necho $now | tee \"$SANDBOX/now\"\n");
    // What answers/<ip>.<n> says is the answer after n sleeps.
    box.program(
        "bin/sleep",
        """
        echo >>"$SANDBOX/slept"
        n=$(wc -l <"$SANDBOX/slept")
        for next in "$SANDBOX"/answers/*."after$n"; do
          [ -f "$next" ] && mv "$next" "${next%.after*}"
        done
        [ "$n" -lt 50 ] || kill $PPID
        """);
    return box;
  }

  @Test
  void theServerGetsTheSettingsAndItsAddress() throws IOException {
    Sandbox box = box(AOF);

    assertThat(box.run("start.sh", NO_PASSWORD)).isEqualTo("server " + root + "/run/redis.conf\n");
    assertThat(box.read("run/redis.conf"))
        .isEqualTo(AOF + "cluster-announce-ip 10.0.0.1\nappendonly yes\n");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("run/redis.conf"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aValkeyImageIsEnough() {
    Sandbox box = new Sandbox(root, AOF);
    box.program("bin/valkey-server", "echo \"valkey $*\"\n");
    box.program("bin/valkey-cli", "");

    assertThat(box.run("start.sh", NO_PASSWORD)).isEqualTo("valkey " + root + "/run/redis.conf\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simple",
        "two  spaces, and ' \" ` $HOME $(id) \\ \\n # ; & * ? [a-z] %s !",
        " around ",
        "first line\nsecond line\n",
        "größer als 5 €",
        "-n"
      })
  void anyPasswordIsWrittenByteByByte(String password) {
    Sandbox box = box(AOF);
    StringBuilder hex = new StringBuilder();
    for (byte b : password.getBytes(StandardCharsets.UTF_8)) {
      hex.append("\\x").append(HexFormat.of().toHexDigits(b));
    }

    box.password(password);
    box.run("start.sh", NO_PASSWORD);

    assertThat(box.read("run/redis.conf"))
        .contains("requirepass \"%1$s\"\nmasterauth \"%1$s\"\n".formatted(hex));
    assertThat(box.read("environment"))
        .contains("POD_IP=")
        .doesNotContain("REDISCLI_AUTH")
        .doesNotContain("password=");
  }

  @Test
  void anEmptyFileIsNoPassword() {
    Sandbox box = box(AOF);
    box.password("");

    box.run("start.sh", NO_PASSWORD);

    assertThat(box.read("run/redis.conf")).doesNotContain("requirepass");
  }

  /** It would be open to everybody. */
  @Test
  void noServerStartsWithoutItsFile() throws IOException {
    Sandbox box = box(AOF);
    Files.createDirectories(box.path("config/secrets"));

    assertThat(Sandbox.exitCode(box.start("start.sh", NO_PASSWORD))).isEqualTo(1);

    assertThat(box.read("start.sh.output")).startsWith("slotkeeper: there is no password in ");
    assertThat(box.path("environment")).doesNotExist();
  }

  @Test
  void aContainerOfAnOlderPodTemplateHasItInItsEnvironment() {
    Sandbox box = box(AOF);

    box.run("start.sh", Map.of("POD_IP", "10.0.0.1", "REDISCLI_AUTH", "a"));

    assertThat(box.read("run/redis.conf")).contains("requirepass \"\\x61\"\n");
    assertThat(box.read("environment")).doesNotContain("REDISCLI_AUTH");
  }

  @Test
  void aNewServerStartsAtOnce() {
    assertStartsAtOnce(box(AOF));
  }

  @Test
  void aMasterThatStoppedInOrderStartsAtOnce() {
    Sandbox box = box(AOF);
    box.write("data/stopped", "");
    box.write("data/nodes.conf", OF_A_MASTER_WITH_A_REPLICA);
    box.write(MANIFEST, "file appendonly.aof.1.base.rdb seq 1 type b\n");

    assertStartsAtOnce(box);
  }

  @Test
  void aReplicaStartsAtOnce() {
    Sandbox box = box(RDB);
    box.write(
        "data/nodes.conf",
        line(ME, 1, "myself,slave", OTHER, "") + line(OTHER, 3, "master", "-", "0-16383"));

    assertStartsAtOnce(box);
  }

  @Test
  void aMasterWithoutSlotsStartsAtOnce() {
    Sandbox box = box(RDB);
    box.write(
        "data/nodes.conf",
        line(ME, 1, "myself,master", "-", "[17-<-" + OTHER + "]")
            + line(REPLICA, 2, "slave", ME, ""));

    assertStartsAtOnce(box);
  }

  @Test
  void aMasterWithoutReplicasStartsAtOnce() {
    Sandbox box = box(RDB);
    box.write(
        "data/nodes.conf",
        line(ME, 1, "myself,master", "-", "0-5460") + line(OTHER, 3, "master", "-", "5461-16383"));

    assertStartsAtOnce(box);
  }

  private static void assertStartsAtOnce(Sandbox box) {
    assertThat(box.run("start.sh", NO_PASSWORD)).startsWith("server ");
    assertThat(box.path("asked")).doesNotExist();
  }

  @Test
  void aMasterWithoutItsDataWaitsForASuccessorHoweverLong() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.2", NOT_YET);
    box.write("answers/10.0.0.2.after12", TAKEN_OVER);

    assertThat(box.run("start.sh", NO_PASSWORD))
        .contains("waiting until one has taken over", "another has taken over")
        .contains("server ");
    assertThat(box.read("slept")).hasLineCount(12);
    // Its replica knows best; the others need not be asked.
    assertThat(box.read("asked").lines()).containsOnly("10.0.0.2 6379");
  }

  @Test
  void anyOtherMayTellOfTheSuccessor() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.3", TAKEN_OVER);

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("another has taken over");
    assertThat(box.path("slept")).doesNotExist();
  }

  @Test
  void aMasterWhoseReplicasNoServerKnowsOfStartsEmptyInTheEnd() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.3", NOT_YET.replace("myself,slave", "slave,fail"));

    // 3 node timeouts and 10 s are 25 s, at 10 s a look.
    assertThat(box.run("start.sh", NO_PASSWORD)).contains("for 25 seconds: starting with nothing");
    assertThat(box.read("slept")).hasLineCount(2);
  }

  /** Found by the simulation: a new server knew the master by gossip, which carries no slots. */
  @Test
  void aServerThatHasNotHeardOfTheSlotsDoesNotKnowThatTheyHaveMoved() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.2", NOT_YET.replace(" 0-5460", ""));
    box.write("answers/10.0.0.2.after3", TAKEN_OVER.replace("0-5460", "0 7-5460"));

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("another has taken over");
    assertThat(box.read("slept")).hasLineCount(3);
  }

  /**
   * Found by the simulation: killed while its slots moved, a master that is a cache came back
   * empty, and its replicas with it, as the first slot of those that it knew of had another owner.
   */
  @Test
  void aMasterThatGaveSomeSlotsAwayIsNotReplaced() {
    Sandbox box = emptyMaster();
    box.write(
        "answers/10.0.0.2", NOT_YET.replace("0-5460", "100-5460").replace("5461-", "0-99 5461-"));
    box.write(
        "answers/10.0.0.2.after3",
        NOT_YET.replace("0-5460", "100-200").replace("5461-", "0-99 201-"));
    box.write(
        "answers/10.0.0.2.after6",
        TAKEN_OVER.replace("0-5460", "100-5460").replace("5461-", "0-99 5461-"));

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("another has taken over");
    assertThat(box.read("slept")).hasLineCount(6);
  }

  /**
   * A server that was met after that, in the middle of a move, only knows of the slots that moved.
   */
  @Test
  void aServerThatKnowsOfSomeSlotsDoesNotKnowOfAll() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.2", NOT_YET.replace(" 0-5460", "").replace("5461-", "0-99 5461-"));
    box.write("answers/10.0.0.2.after3", TAKEN_OVER);

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("another has taken over");
    assertThat(box.read("slept")).hasLineCount(3);
  }

  @Test
  void aStrangerKnowsNothing() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.2", STRANGER);
    box.write("answers/10.0.0.3", STRANGER);

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("starting with nothing");
  }

  @Test
  void aDumpOfAServerThatStoppedInOrderIsAllItsData() throws IOException {
    Sandbox box = killedMaster();
    box.write("data/stopped", "");
    age(box, "data/stopped", 1);

    assertStartsAtOnce(box);
    // Good for once: the next end may be another one.
    assertThat(box.path("data/stopped")).doesNotExist();
  }

  /**
   * Found by chaos: a killed cache started with a dump of minutes ago, and its replica copied it.
   */
  @Test
  void aMasterThatWasKilledWaitsInSpiteOfAnOlderDump() {
    Sandbox box = killedMaster();
    box.write("answers/10.0.0.2", NOT_YET);
    box.write("keyspace", "# Keyspace\r\ndb0:keys=1,expires=0,avg_ttl=0\r\n");
    box.write("answers/10.0.0.2.after12", TAKEN_OVER);

    assertThat(box.run("start.sh", NO_PASSWORD))
        .contains("an older dump is left of its data", "another has taken over");
    assertThat(box.read("slept")).hasLineCount(12);
  }

  @Test
  void aDumpOfBeforeTheServerStoppedIsOlder() throws IOException {
    Sandbox box = killedMaster();
    box.write("data/stopped", "");
    age(box, "data/dump.rdb", 1);
    box.write("answers/10.0.0.2", TAKEN_OVER);

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("another has taken over");
  }

  @Test
  void anOlderDumpIsBetterThanAReplicaThatHasNothing() {
    Sandbox box = killedMaster();
    box.write("answers/10.0.0.2", NOT_YET);
    box.write("answers/10.0.0.3", NOT_YET.replace("myself,slave", "slave"));
    box.write("keyspace", "# Keyspace\r\n");

    assertThat(box.run("start.sh", NO_PASSWORD)).contains("starting with an older dump");
  }

  private Sandbox killedMaster() {
    Sandbox box = emptyMaster();
    box.write("data/dump.rdb", "REDIS0010");
    return box;
  }

  private static void age(Sandbox box, String file, int seconds) throws IOException {
    Files.setLastModifiedTime(box.path(file), FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  @Test
  void aServerThatWaitsCanBeStopped() {
    Sandbox box = emptyMaster();
    box.write("answers/10.0.0.2", NOT_YET);
    box.program("bin/sleep", "touch \"$SANDBOX/slept\"\n");
    Process script = box.start("start.sh", NO_PASSWORD);
    await().until(() -> Files.exists(box.path("slept")));

    script.destroy();

    assertThat(Sandbox.exitCode(script)).isEqualTo(143);
    assertThat(box.path("environment")).doesNotExist();
  }

  private Sandbox emptyMaster() {
    Sandbox box = box(RDB);
    box.write("data/nodes.conf", OF_A_MASTER_WITH_A_REPLICA);
    return box;
  }
}
