package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real servers of mode Standalone, started and stopped as in a container: by the real scripts, with
 * the generated settings.
 */
@Timeout(120)
@EachServerVersion
class StandaloneContainerTest {
  private static final String PASSWORD = " it's \"quoted\" \\ $HOME `#` ; & %s\n";
  private static final String[] PASSIVE = {"role:slave", "master_host:127.0.0.1", "master_port:1"};

  private final String name;
  private final ResolvedSpec redis = Case.named("standalone").blueprint();
  private final Map<String, String> settings = new TreeMap<>(redis.config());
  private final List<Container> pods = new ArrayList<>();
  @TempDir Path root;

  StandaloneContainerTest(String name) {
    this.name = name;
  }

  @AfterEach
  void killAll() {
    pods.forEach(Container::kill);
  }

  /** The next pod of a Redis with so many replicas; the others get to know its address. */
  private Container pod(int replicas) {
    return pod(redis.withSize(1, replicas), PASSWORD);
  }

  private Container pod(ResolvedSpec of, @Nullable String password) {
    String pod = redis.names().pod(0, pods.size());
    Sandbox box = new Sandbox(root.resolve(pod), "", of);
    Container container = new Container(box, name, settings, password, pod);
    for (int ordinal = 0; ordinal < pods.size(); ordinal++) {
      container.resolve(redis.names().pod(0, ordinal), pods.get(ordinal).ip);
      pods.get(ordinal).resolve(pod, container.ip);
    }
    pods.add(container);
    return container;
  }

  /** One that the operator has made the primary. */
  private Container primary(int replicas) {
    Container primary = pod(replicas);
    primary.start();
    assertThat(primary.cli("replicaof", "no", "one")).isEqualTo("OK");
    return primary;
  }

  private Container replica(Container primary) {
    Container replica = pod(1);
    replica.start();
    await().until(replica::ready);
    await().until(() -> primary.cli("info", "replication").contains("state=online"));
    return replica;
  }

  @Test
  void aServerAloneServesAtOnce() {
    Container alone = pod(0);
    alone.start();

    assertThat(alone.cli("set", "hello", "world")).isEqualTo("OK");
    assertThat(alone.cli("info", "cluster")).contains("cluster_enabled:0");
    assertThat(alone.cli("config", "get", "replica-announce-ip")).endsWith(alone.ip);
    assertThat(alone.ready()).isTrue();
    assertThat(alone.cliWith(PASSWORD.strip(), "get", "hello")).contains("NOAUTH");
  }

  @Test
  void whileThePasswordChangesAServerStartsWithBothAndUsesTheFormer() {
    String former = "the \"former\" 'one' > \\";
    Container alone = pod(0);
    alone.box.write("config/secrets/previous-password", former);
    alone.start();

    assertThat(alone.cliWith(former, "set", "hello", "world")).isEqualTo("OK");
    assertThat(alone.cli("get", "hello")).isEqualTo("world");
    assertThat(alone.cli("config", "get", "masterauth")).endsWith(former);
    assertThat(alone.cli("acl", "whoami")).isEqualTo("default");
    assertThat(alone.ready()).isTrue();
    assertThat(alone.stop()).isZero();
  }

  /** The files may be ahead of the server. */
  @Test
  void theScriptsLogInWithTheFormerOneUntilTheServerTakesTheNewOne() {
    Container alone = pod(0);
    alone.start();
    alone.box.write("config/secrets/previous-password", PASSWORD);
    alone.box.password("the new one");

    assertThat(alone.exec(Map.of(), "redis-cli", "ping")).isEqualTo("PONG");
    assertThat(alone.ready()).isTrue();
    assertThat(alone.box.read("data/persistence")).startsWith("on ");

    alone.cli("config", "set", "requirepass", "the new one");
    assertThat(alone.exec(Map.of(), "redis-cli", "ping")).isEqualTo("PONG");
    alone.terminate();
    assertThat(alone.box.read("data/persistence")).startsWith("stopping ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aServerAloneServesAgainWithItsData(String appendonly) {
    settings.put("appendonly", appendonly);
    Container alone = pod(0);
    alone.start();
    alone.cli("set", "hello", "world");

    assertThat(alone.stop()).isZero();
    alone.start();

    assertThat(alone.cli("get", "hello")).isEqualTo("world");
    assertThat(alone.cli("set", "hello", "again")).isEqualTo("OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aServerThatMayNotBeTheNewestKeepsItsDataAndTakesNoWrites(String appendonly) {
    settings.put("appendonly", appendonly);
    Container former = primary(1);
    former.cli("set", "hello", "world");

    assertThat(former.stop()).isZero();
    former.start();

    await().until(() -> former.cli("get", "hello").equals("world"));
    assertThat(former.cli("info", "replication")).contains(PASSIVE);
    assertThat(former.cli("set", "hello", "again")).startsWith("READONLY");
    assertThat(former.ready()).isFalse();
    assertThat(former.cli("replicaof", "no", "one")).isEqualTo("OK");
    assertThat(former.cli("get", "hello")).isEqualTo("world");
    assertThat(former.ready()).isTrue();
  }

  /** Its replicas would copy that it has nothing. */
  @Test
  void nothingIsCopiedFromAServerWithoutARole() {
    Container primary = primary(1);
    Container replica = replica(primary);
    primary.cli("set", "hello", "world");
    await().until(() -> replica.cli("get", "hello").equals("world"));

    primary.kill();
    Sandbox.deleteAll(primary.box.path("data/appendonlydir"));
    primary.start();

    assertThat(primary.cli("info", "replication")).contains(PASSIVE);
    await()
        .until(
            () -> replica.cli("info", "stats", "replication").contains("master_link_status:down"));
    assertThat(primary.cli("dbsize")).isEqualTo("0");
    assertThat(replica.cli("dbsize")).isEqualTo("1");
  }

  @Test
  void aLivingPrimaryIsFollowed() {
    Container primary = primary(2);
    primary.cli("set", "hello", "world");
    pod(2).start();
    pods.get(1).cli("replicaof", primary.ip, "6379");
    Container third = pod(2);

    third.start();

    await().until(third::ready);
    assertThat(third.cli("info", "replication"))
        .contains("role:slave", "master_host:" + primary.ip, "master_port:6379");
    assertThat(third.cli("get", "hello")).isEqualTo("world");
  }

  @Test
  void aServerIsNotAloneWhereTheNameOfAnotherIsKnown() {
    Container primary = primary(0);
    Container second = pod(0);
    second.start();
    primary.terminate();

    // The second may have taken over.
    primary.start();

    assertThat(primary.cli("info", "replication")).contains(PASSIVE);
  }

  @Test
  void noneOfTwoPrimariesIsFollowed() {
    primary(2);
    Container second = pod(2);
    second.start();
    second.cli("replicaof", "no", "one");
    Container third = pod(2);

    third.start();

    assertThat(third.cli("info", "replication")).contains(PASSIVE);
  }

  @Test
  void noPrimaryIsFollowedWhileAnotherServerIsSilent() throws IOException {
    primary(2);
    Container silent = pod(2);
    silent.start();
    Container third = pod(2);
    silent.signal("STOP");

    third.start();

    assertThat(third.cli("info", "replication")).contains(PASSIVE);
  }

  /** An address that a pod has had is that of a pod of another Redis, which has no password. */
  @Test
  void thePrimaryOfAnotherRedisIsNotFollowed() {
    Container foreign = pod(Case.named("standalone-ephemeral-no-auth").blueprint(), null);
    foreign.start();
    foreign.cli("replicaof", "no", "one");
    Container own = pod(redis.withSize(1, 1), null);

    own.start();

    assertThat(own.cli("info", "replication")).contains(PASSIVE);
  }

  @Test
  void aServerThatRefusesItsSettingsIsPassiveToo() {
    Container former = primary(1);
    former.cli("set", "hello", "world");
    assertThat(former.stop()).isZero();

    settings.put("tcp-backlog", "-1");
    former.configure(settings);
    former.start();

    assertThat(former.cli("info", "server"))
        .containsPattern("config_file:.*/" + ServerConfigMap.FALLBACK + "\\s");
    assertThat(former.cli("info", "replication")).contains(PASSIVE);
    assertThat(former.cli("get", "hello")).isEqualTo("world");
    settings.remove("tcp-backlog");
    // It is known as one of this Redis all the same.
    former.cli("replicaof", "no", "one");
    Container replica = replica(former);
    assertThat(replica.cli("get", "hello")).isEqualTo("world");
  }

  @Test
  void aPrimaryThatStopsHandsOverAndLosesNothing() {
    settings.put("appendonly", "no");
    Container primary = primary(1);
    Container replica = replica(primary);
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> write(primary.ip, taken));
    await().until(() -> taken.get() > 100);

    primary.hook();

    // Connections are closed, so that clients look where the primary is now.
    assertThat(end.join()).doesNotContain("timed out");
    assertThat(replica.cli("info", "replication")).contains("role:master");
    assertThat(Integer.parseInt(replica.cli("get", "count"))).isGreaterThanOrEqualTo(taken.get());
    assertThat(primary.cli("info", "replication"))
        .contains("role:slave", "master_host:" + replica.ip);
    assertThat(primary.terminate()).isZero();

    primary.start();
    await().until(primary::ready);
    assertThat(primary.cli("info", "replication")).contains("master_host:" + replica.ip);
  }

  /** Counts until the connection ends. */
  private static String write(String ip, AtomicInteger taken) {
    try (RawConnection connection = new RawConnection(ip)) {
      connection.ask("auth", PASSWORD);
      while (true) {
        String reply = connection.ask("incr", "count");
        if (reply.startsWith(":")) {
          taken.set(Integer.parseInt(reply.substring(1)));
        }
      }
    } catch (UncheckedIOException e) {
      return String.valueOf(e.getCause());
    }
  }
}
