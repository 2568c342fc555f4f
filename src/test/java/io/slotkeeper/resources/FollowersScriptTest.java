package io.slotkeeper.resources;

import static io.slotkeeper.resources.StartScriptTest.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts with nothing first checks whether another would copy that. */
@EnabledOnOs(OS.LINUX)
class FollowersScriptTest {
  private static final Map<String, String> POD =
      Map.of("POD_IP", "10.0.0.1", "HOSTNAME", "x-shard0-0");
  private static final String RDB = "appendonly no\ncluster-node-timeout 5000\n";

  private static final String ME = "a".repeat(40);
  private static final String REPLICA = "b".repeat(40);
  private static final String OTHER = "c".repeat(40);

  private static final String NOT_YET =
      line(ME, 1, "master,fail?", "-", "0-5460")
          + line(REPLICA, 2, "myself,slave", ME, "")
          + line(OTHER, 3, "master", "-", "5461-16383");

  private static final String TAKEN_OVER =
      line(ME, 1, "master,fail", "-", "") + line(REPLICA, 2, "myself,master", "-", "0-5460");

  @TempDir Path root;

  private Sandbox box(String conf) {
    return StartScriptTest.box(root, conf);
  }

  /** Found by the simulation: it was killed before it heard of a new replica by gossip. */
  @Test
  void aReplicaThatNodesConfDoesNotKnowYetIsWaitedForToo() {
    Sandbox box = box(RDB);
    box.write(
        "data/nodes.conf",
        line(ME, 1, "myself,master", "-", "0-5460") + line(REPLICA, 2, "master", "-", ""));
    box.write("keyspace", "db0:keys=1\n");
    box.write("answers/x-shard0-1.x-gvr", NOT_YET);
    box.write("answers/10.0.0.2", NOT_YET);
    box.write("answers/10.0.0.2.after3", TAKEN_OVER);

    assertThat(box.run("start.sh", POD)).contains("another has taken over");
    assertThat(box.read("slept")).hasLineCount(3);
  }

  @Test
  void aMasterWithoutReplicasAsksThePodsOfItsShardAndStarts() {
    Sandbox box = box(RDB);
    box.write("data/nodes.conf", line(ME, 1, "myself,master", "-", "0-5460"));
    box.write("answers/x-shard0-1.x-gvr", line(REPLICA, 2, "myself,master", "-", ""));

    assertThat(box.run("start.sh", POD)).startsWith("server ");
    assertThat(box.path("slept")).doesNotExist();
  }

  private static final String FORMER =
      line(ME, 1, "master,fail?", "-", "0-5460")
          + line(REPLICA, 2, "slave", ME, "")
          + line(OTHER, 3, "myself,master", "-", "5461-16383");

  /** Found by the simulation: the last copy of a shard followed the address of its master. */
  @Test
  void aNewServerWaitsUntilNoReplicaFollowsItsAddress() {
    Sandbox box = box(RDB);
    box.write("keyspace", "db0:keys=1\n");
    box.write("answers/x", FORMER);
    box.write("answers/10.0.0.2", "role:slave\r\nmaster_host:10.0.0.1\r\n");
    box.write("answers/10.0.0.2.after2", "role:master\r\n");

    assertThat(box.run("start.sh", POD))
        .contains("10.0.0.2:6379 follows a former master", "server ");
    assertThat(box.read("slept")).hasLineCount(2);
  }

  @Test
  void aNewServerIsFollowedForALimitedTimeOnly() {
    Sandbox box = box(RDB + "cluster-node-timeout 15000\n");
    box.write("keyspace", "db0:keys=1\n");
    box.write("answers/x-gvr", FORMER);
    box.write("answers/10.0.0.2", "role:slave\r\nmaster_host:10.0.0.1\r\n");

    assertThat(box.run("start.sh", POD)).contains("still followed after 55 seconds", "server ");
  }

  @Test
  void aReplicaThatHasNothingHasNothingToLose() {
    Sandbox box = box(RDB);
    box.write("keyspace", "# Keyspace\n");
    box.write("answers/x", FORMER);
    box.write("answers/10.0.0.2", "role:slave\r\nmaster_host:10.0.0.1\r\n");

    assertThat(box.run("start.sh", POD)).contains("server ").doesNotContain("follows");
  }
}
