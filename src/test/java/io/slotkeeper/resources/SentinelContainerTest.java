package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.EachServerVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real servers and Sentinels, started and stopped as in containers, by the real scripts, while no
 * operator runs.
 */
@Timeout(180)
@EachServerVersion
class SentinelContainerTest {
  private static final String PASSWORD = " it's \"quoted\" \\ $HOME `#` ; & %s";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final ResolvedSpec redis = Case.named("sentinel").blueprint().withSize(1, 2);
  private final Map<String, String> settings = new TreeMap<>(redis.config());
  private final List<Container> servers = new ArrayList<>();
  private final List<Container> sentinels = new ArrayList<>();
  @TempDir Path root;

  SentinelContainerTest(String name) {
    this.name = name;
  }

  @AfterEach
  void killAll() {
    sentinels.forEach(Container::kill);
    servers.forEach(Container::kill);
  }

  private Container server() {
    String pod = redis.names().pod(0, servers.size());
    Sandbox box = new Sandbox(root.resolve(pod), "", redis);
    Container server = new Container(box, name, settings, PASSWORD, pod);
    servers.add(server);
    server.start();
    return server;
  }

  private Container sentinel() {
    String pod = redis.names().sentinel(sentinels.size());
    Sandbox box = new Sandbox(root.resolve(pod), "", redis);
    Container sentinel = Container.sentinel(box, name, PASSWORD, pod);
    sentinels.add(sentinel);
    return sentinel;
  }

  @Test
  void whileThePasswordChangesASentinelStartsWithBothAndUsesTheFormer() {
    Container sentinel = sentinel();
    sentinel.box.write("config/secrets/previous-password", "the \"former\"");
    sentinel.start();

    assertThat(sentinel.cliWith("the \"former\"", "ping")).isEqualTo("PONG");
    assertThat(sentinel.cli("ping")).isEqualTo("PONG");
    assertThat(sentinel.cli("sentinel", "config", "get", "sentinel-pass"))
        .endsWith("the \"former\"");
  }

  private static Map<String, String> master(Container sentinel) {
    List<String> lines = sentinel.cli("sentinel", "master", "orders").lines().toList();
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      fields.put(lines.get(i), lines.get(i + 1));
    }
    return fields;
  }

  /** A primary with two replicas, and three Sentinels that know all, and elect after an hour. */
  private Container formed() {
    Container primary = server();
    primary.cli("replicaof", "no", "one");
    for (int i = 0; i < 2; i++) {
      Container replica = server();
      replica.cli("replicaof", primary.ip, "6379");
      await().atMost(PATIENCE).until(replica::ready);
    }
    for (int i = 0; i < 3; i++) {
      Container sentinel = sentinel();
      servers.forEach(
          server -> server.resolve(redis.names().sentinel(sentinels.size() - 1), sentinel.ip));
      sentinels.forEach(
          known -> sentinel.resolve(redis.names().sentinel(sentinels.indexOf(known)), known.ip));
      sentinel.start();
      if (i == 0) {
        sentinel.cli("sentinel", "monitor", "orders", primary.ip, "6379", "2");
        sentinel.cli("sentinel", "set", "orders", "auth-pass", PASSWORD);
        sentinel.cli("sentinel", "set", "orders", "down-after-milliseconds", "3600000");
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(sentinels)
                .allSatisfy(sentinel ->
                    assertThat(master(sentinel))
                        .containsEntry("num-other-sentinels", "2")
                        .containsEntry("num-slaves", "2")));
    return primary;
  }

  /**
   * Without the announcement they would go on naming the former primary, and elect any replica once
   * it is silent: what the one that took over had acknowledged since would be lost.
   */
  @Test
  void whereAPrimaryHandsOverTheSentinelsNameItsSuccessorAtOnce() {
    Container primary = formed();

    assertThat(primary.stop()).isZero();

    List<Container> successors =
        servers.stream()
            .filter(server -> server.cli("info", "replication").contains("role:master"))
            .toList();
    assertThat(successors).hasSize(1);
    String successor = successors.getFirst().ip;
    assertThat(sentinels)
        .allSatisfy(sentinel ->
            assertThat(master(sentinel))
                .containsEntry("ip", successor)
                .containsEntry("config-epoch", "1"));
  }

  @Test
  void aSilentSentinelIsNotWaitedForLong() throws Exception {
    Container primary = formed();
    sentinels.getLast().signal("STOP");

    assertThat(primary.stop()).isZero();

    assertThat(sentinels.subList(0, 2))
        .extracting(sentinel -> master(sentinel).get("ip"))
        .doesNotContain(primary.ip);
  }

  /** As on a node that was cut off: it still believes that it leads, with a replica beside it. */
  @Test
  void aPrimaryThatTheSentinelsHaveReplacedDoesNotHandOver() {
    Container primary = formed();
    Container elected = servers.getLast();
    elected.cli("replicaof", "no", "one");
    for (Container sentinel : sentinels) {
      Container peer = sentinels.get(sentinel == sentinels.getFirst() ? 1 : 0);
      sentinel.cli(
          "publish",
          "__sentinel__:hello",
          "%s,26379,%s,5,orders,%s,6379,5"
              .formatted(peer.ip, peer.cli("sentinel", "myid"), elected.ip));
    }
    assertThat(sentinels)
        .allSatisfy(sentinel -> assertThat(master(sentinel)).containsEntry("ip", elected.ip));
    assertThat(primary.cli("info", "replication")).contains("role:master", "connected_slaves:1");

    assertThat(primary.stop()).isZero();

    assertThat(servers.get(1).cli("info", "replication")).contains("role:slave");
    assertThat(sentinels)
        .allSatisfy(sentinel ->
            assertThat(master(sentinel))
                .containsEntry("ip", elected.ip)
                .containsEntry("config-epoch", "5"));
  }
}
