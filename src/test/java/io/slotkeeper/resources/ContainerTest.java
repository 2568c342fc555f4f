package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.EachServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers, started as in a container: by the real script, with the generated settings. */
@Timeout(60)
@EachServerVersion
class ContainerTest {
  private static final String PASSWORD = " it's \"quoted\" \\ $HOME `#` ü\n";

  private final String name;
  private final List<Container> containers = new ArrayList<>();
  @TempDir Path root;

  ContainerTest(String name) {
    this.name = name;
  }

  @AfterEach
  void killAll() {
    containers.forEach(Container::kill);
  }

  private Container container(Map<String, String> settings, @Nullable String password) {
    Path directory = root.resolve("container" + containers.size());
    Container container = new Container(directory, name, settings, password);
    containers.add(container);
    return container;
  }

  @Test
  void everyServerKnowsEverySetting() {
    Container container = container(Case.named("tutorial").blueprint().config(), PASSWORD);
    container.start();

    assertThat(container.cli("ping")).isEqualTo("PONG");
    assertThat(container.cli("cluster", "info")).contains("cluster_known_nodes:1");
    assertThat(container.cli("config", "get", "appendonly")).isEqualTo("appendonly\nyes");
    assertThat(container.cli("config", "get", "cluster-announce-ip")).endsWith(container.ip);
    assertThat(container.cli("debug", "sleep", "0")).isEqualTo("OK");
    assertThat(container.ready()).isTrue();
  }

  @Test
  void onlyThePasswordLetsIn() {
    Container container = container(Case.named("tutorial").blueprint().config(), PASSWORD);
    container.start();

    assertThat(container.cliWith(PASSWORD.strip(), "get", "a")).contains("NOAUTH");
    assertThat(container.cliWith(null, "get", "a")).contains("NOAUTH");
    assertThat(container.cli("set", "a", "b")).doesNotContain("NOAUTH");
  }

  @Test
  void insideTheContainerThePasswordIsAtHand() {
    Container container = container(Case.named("tutorial").blueprint().config(), PASSWORD);
    container.start();

    for (String cli : new String[] {"redis-cli", "valkey-cli"}) {
      assertThat(container.exec(Map.of(), cli, "-c", "cluster", "info")).contains("cluster_state");
    }
    assertThat(container.exec(Map.of(), "sh", "-c", "echo ping | redis-cli")).isEqualTo("PONG");
    assertThat(container.exec(Map.of("REDISCLI_AUTH", ""), "redis-cli", "ping"))
        .as("without one")
        .startsWith("NOAUTH");
    assertThat(container.exec(Map.of("REDISCLI_AUTH", "wrong"), "redis-cli", "ping"))
        .startsWith("NOAUTH");
    assertThat(container.exec(Map.of(), "redis-cli", "-a", "wrong", "--no-auth-warning", "ping"))
        .startsWith("NOAUTH");
    container.cli("acl", "setuser", "bob", "on", ">bobs", "+@all");
    assertThat(
            container.exec(
                Map.of(),
                "redis-cli",
                "--user",
                "bob",
                "--pass",
                "bobs",
                "--no-auth-warning",
                "acl",
                "whoami"))
        .isEqualTo("bob");
  }

  @Test
  void terminationSavesAndTurningAofOnKeepsTheData() {
    Map<String, String> settings =
        new TreeMap<>(Case.named("ephemeral-no-auth-one-shard").blueprint().config());
    Container container = container(settings, null);
    container.start();
    container.cli("cluster", "addslotsrange", "0", "16383");
    await().until(() -> container.cli("set", "hello", "world").equals("OK"));

    assertThat(container.terminate()).isZero();
    settings.put("appendonly", "yes");
    container.configure(settings);
    container.start();

    assertThat(container.cli("dbsize")).isEqualTo("1");
    assertThat(container.cli("config", "get", "appendonly")).isEqualTo("appendonly\nyes");
  }

  /** A pod that was deleted by force runs on for a while, beside its successor. */
  @Test
  void aServerWaitsForAnotherOneOnItsVolume() {
    Map<String, String> settings = Case.named("tutorial").blueprint().config();
    Container first = container(settings, null);
    first.start();
    first.cli("cluster", "addslotsrange", "0", "16383");
    await().until(() -> first.cli("set", "a", "1").equals("OK"));

    Container second = new Container(first.box, name, settings, null, "");
    containers.add(second);
    second.launch();
    await().until(() -> first.box.read("start.sh.output").contains("another server still uses"));
    assertThat(first.cli("set", "b", "late")).isEqualTo("OK");
    assertThat(second.cli("ping")).contains("refused");
    first.kill();

    await().until(() -> second.cli("get", "b").equals("late"));
  }

  /** An immutable setting is not tried on a server that runs. */
  @Test
  void aServerThatRefusesItsSettingsStartsWithThoseOfItsLastStart() {
    Map<String, String> settings = new TreeMap<>(Case.named("tutorial").blueprint().config());
    settings.put("tcp-backlog", "128");
    Container container = container(settings, PASSWORD);
    container.start();
    assertThat(container.terminate()).isZero();

    settings.put("tcp-backlog", "-1");
    settings.put("appendonly", "no");
    container.configure(settings);
    container.start();

    assertThat(container.box.read("start.sh.output"))
        .contains("does not take redis.conf: >>> 'tcp-backlog -1' argument must be between 0")
        .doesNotContain("\\x");
    assertThat(container.cli("config", "get", "tcp-backlog")).endsWith("128");
    // The AOF has the newest data.
    assertThat(container.cli("config", "get", "appendonly")).endsWith("yes");
    assertThat(container.cli("info", "server"))
        .containsPattern("config_file:.*/" + ServerConfigMap.FALLBACK + "\\s");
    assertThat(container.terminate()).isZero();

    settings.put("tcp-backlog", "256");
    container.configure(settings);
    container.start();
    assertThat(container.cli("config", "get", "tcp-backlog")).endsWith("256");
    assertThat(container.cli("info", "server")).containsPattern("config_file:.*/redis.conf\\s");
  }

  @Test
  void theFirstStartEndsWithTheServersWords() {
    Map<String, String> settings = new TreeMap<>(Case.named("tutorial").blueprint().config());
    settings.put("tcp-backlog", "-1");
    Container container = container(settings, PASSWORD);

    container.launch();

    assertThat(Sandbox.exitCode(container.process())).isNotZero();
    assertThat(container.box.read("start.sh.output")).contains("argument must be between 0");
  }

  @Test
  void aMasterThatLostItsDataGetsItBackFromItsReplica() throws IOException {
    Map<String, String> settings = Case.named("ephemeral-no-auth-one-shard").blueprint().config();
    Container master = container(settings, PASSWORD);
    Container replica = container(settings, PASSWORD);
    master.start();
    replica.start();
    master.cli("cluster", "addslotsrange", "0", "16383");
    master.cli("cluster", "meet", replica.ip, "6379");
    String id = master.cli("cluster", "myid");
    await().until(() -> replica.cli("cluster", "replicate", id).equals("OK"));
    await().until(() -> master.cli("set", "hello", "world").equals("OK"));
    await().until(() -> replica.ready() && master.cli("wait", "1", "100").equals("1"));

    master.kill();
    Files.deleteIfExists(master.box.path("data/dump.rdb"));
    master.launch();
    await()
        .until(
            () -> master.box.read("start.sh.output").contains("waiting until one has taken over"));
    await().until(() -> !replica.ready());
    assertThat(replica.cli("dbsize")).isEqualTo("1");
    replica.cli("cluster", "failover", "takeover");

    await().atMost(Duration.ofSeconds(20)).until(() -> master.cli("role").startsWith("slave"));
    await().until(master::ready);
    assertThat(replica.cli("get", "hello")).isEqualTo("world");
    assertThat(master.cli("dbsize")).isEqualTo("1");
  }
}
