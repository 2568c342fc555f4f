package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real start script with real servers: a nodes.conf made again, and which server waits for
 * which.
 */
@Timeout(120)
@EachServerVersion
class MendScriptTest {
  private static final String PASSWORD = "open-sesame-5up3r";
  private static final String HALF = "half a li";

  private final String version;
  private final RedisServers servers;
  private final LettuceNodes nodes = RedisServers.patientNodes();

  @TempDir Path root;
  private List<RedisServer> all = List.of();

  MendScriptTest(String version) {
    this.version = version;
    servers = new RedisServers(version, PASSWORD);
  }

  /** Three masters, the first of which has a replica, with a key in each. */
  @BeforeEach
  void form() {
    all = servers.start(4);
    List<SlotSet> slots =
        List.of(SlotSet.range(0, 5460), SlotSet.range(5461, 10922), SlotSet.range(10923, 16383));
    for (int i = 0; i < 3; i++) {
      node(i).setConfigEpoch(i + 1);
      node(i).addSlots(slots.get(i));
    }
    meetAll();
    NodeId master = node(0).myId();
    eventually(() -> node(3).replicate(master));
    meetAll();
    eventually(() -> {
      for (int i = 0; i < 4; i++) {
        assertThat(node(i).look().stateOk()).isTrue();
        assertThat(node(i).look().table().find(node(3).myId()).orElseThrow().master())
            .isEqualTo(master);
      }
    });
    all.get(0).cli("SET", "{b}", "in slot 3300");
    all.get(1).cli("SET", "{c}", "in slot 7365");
    eventually(() -> assertThat(node(3).look().keys()).isEqualTo(1));
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  @Test
  void aMasterWithoutReplicasHasItsIdItsSlotsAndItsDataAgain() throws IOException {
    NodeSnapshot before = node(1).look();
    all.get(1).kill();
    breakConf(all.get(1), "");

    mend(all.get(1), "x-shard1-0", Map.of("x", all.get(0)));

    all.get(1).restart();
    eventually(() -> {
      NodeSnapshot after = node(1).look();
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.table().myself().slots()).isEqualTo(SlotSet.range(5461, 10922));
      assertThat(after.keys()).isEqualTo(1);
      assertThat(after.stateOk()).isTrue(); // two seconds after its start
      assertThat(node(0).look().stateOk()).isTrue();
      assertThat(node(0).look().table().find(before.id()).orElseThrow().isFailing()).isFalse();
    });
    assertThat(all.get(1).cli("GET", "{c}")).isEqualTo("in slot 7365");
  }

  @Test
  void aReplicaIsAReplicaAgain() throws IOException {
    NodeSnapshot before = node(3).look();
    all.get(3).kill();
    breakConf(all.get(3), HALF);

    mend(all.get(3), "x-shard0-1", Map.of("x", all.get(2)));

    all.get(3).restart();
    eventually(() -> {
      NodeSnapshot after = node(3).look();
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.table().myself().master()).isEqualTo(node(0).myId());
      assertThat(after.replication().linkUp()).isTrue();
      assertThat(after.keys()).isEqualTo(1);
    });
  }

  @Test
  void aMasterThatWasReplacedMeanwhileIsAReplicaOfItsSuccessor() throws IOException {
    NodeSnapshot before = node(0).look();
    all.get(0).kill();
    eventually(() -> node(3).failover(FailoverMode.FORCE));
    eventually(() -> assertThat(node(3).look().table().myself().slots().size()).isEqualTo(5461));
    eventually(() ->
        assertThat(node(1).look().table().find(before.id()).orElseThrow().slots().isEmpty())
            .isTrue());
    all.get(3).cli("SET", "{b}", "newer");
    breakConf(all.get(0), HALF);

    mend(all.get(0), "x-shard0-0", Map.of("x", all.get(1), "x-shard0-1.x-gvr", all.get(3)));

    all.get(0).restart();
    eventually(() -> {
      NodeSnapshot after = node(0).look();
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.table().myself().master()).isEqualTo(node(3).myId());
      assertThat(after.replication().linkUp()).isTrue();
    });
    assertThat(all.get(3).cli("GET", "{b}")).isEqualTo("newer");
  }

  /** It may have been replaced by this one, and be back from an older volume. */
  @Test
  void theWordOfTheMasterAloneIsTakenOnlyWhereItsDataWasFollowed() throws Exception {
    all.get(3).kill();
    breakConf(all.get(3), HALF);

    Sandbox box = box(all.get(3), Map.of("x", all.get(0)));
    Process waiting = box.start("start.sh", environment(all.get(3), "x-shard0-1"));
    eventually(() ->
        assertThat(box.read("start.sh.output"))
            .contains("only the master that this server would follow"));
    assertThat(waiting.isAlive()).isTrue();
    String history = node(0).look().replication().replicationId();
    Files.writeString(all.get(3).data().resolve("followed"), history + "\n");

    assertThat(Sandbox.exitCode(waiting)).isZero();
    assertThat(box.read("start.sh.output")).contains("is made again, as x:6379 knows it");
  }

  @Test
  void aNewServerAtTheAddressOfADeadMasterWaitsForItsReplicas() {
    all.get(0).kill();
    Sandbox box = withoutData(Map.of("x", all.get(1)));

    Process waiting = box.start("start.sh", environment(all.get(0), "x-shard0-0"));
    eventually(() ->
        assertThat(box.read("start.sh.output"))
            .contains("follows a former master at this address"));
    assertThat(waiting.isAlive()).isTrue();
    eventually(() -> node(3).failover(FailoverMode.FORCE));

    assertThat(Sandbox.exitCode(waiting)).isZero();
    assertThat(box.read("start.sh.output")).contains("server ").doesNotContain("all the same");
    assertThat(node(3).look().table().myself().slots().size()).isEqualTo(5461);
    assertThat(node(3).look().keys()).isEqualTo(1);
  }

  /** That it is needed: what the server itself makes of such a file. */
  @Test
  void theServerItselfEndsOrBecomesAnotherNode() throws IOException {
    NodeId before = node(1).myId();
    all.get(1).kill();
    breakConf(all.get(1), "");
    all.get(1).restart();

    eventually(() -> assertThat(node(1).myId()).isNotEqualTo(before)); // it reads its data first
  }

  private static void breakConf(RedisServer server, String content) throws IOException {
    Files.writeString(server.data().resolve("nodes.conf"), content);
  }

  /** Runs the start script on a server's data. */
  private void mend(RedisServer server, String pod, Map<String, RedisServer> hosts)
      throws IOException {
    String output = box(server, hosts).run("start.sh", environment(server, pod));

    assertThat(output).contains("nodes.conf is broken", "is made again, as x:6379 knows it");
    try (var files = Files.list(server.data())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("nodes.conf.broken-"));
    }
  }

  private static Map<String, String> environment(RedisServer server, String pod) {
    return Map.of("POD_IP", server.ip(), "HOSTNAME", pod);
  }

  private Sandbox box(RedisServer server, Map<String, RedisServer> hosts) throws IOException {
    Sandbox box = withoutData(hosts);
    Files.delete(box.path("data"));
    Files.createSymbolicLink(box.path("data"), server.data());
    return box;
  }

  private Sandbox withoutData(Map<String, RedisServer> hosts) {
    Sandbox box = new Sandbox(root, "appendonly yes\ncluster-node-timeout 5000\n");
    box.password(PASSWORD);
    box.program("bin/redis-server", "echo \"server $*\"\n");
    Path cli = RedisServers.programs(version).resolve("cli");
    box.program(
        "bin/redis-cli",
        "ip=$(cat \"$SANDBOX/hosts/$2\" 2>/dev/null || echo \"$2\")\nshift 4\nexec "
            + cli
            + " -h $ip \"$@\"\n");
    for (Map.Entry<String, RedisServer> host : hosts.entrySet()) {
      box.write("hosts/" + host.getKey(), host.getValue().ip());
    }
    return box;
  }

  private void meetAll() {
    for (int from = 0; from < all.size(); from++) {
      for (RedisServer to : all) {
        if (to != all.get(from)) {
          node(from).meet(to.address());
        }
      }
    }
  }

  private RedisNode node(int index) {
    return nodes.at(all.get(index).endpoint());
  }

  private static void eventually(Runnable assertion) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(
            e -> e instanceof RedisErrorException || e instanceof RedisUnavailableException)
        .untilAsserted(assertion::run);
  }
}
