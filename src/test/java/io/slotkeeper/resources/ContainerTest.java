package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers, started as in a container: by the real script, with the generated settings. */
@Tag("servers")
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.1"})
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

  @Test
  void everyServerKnowsEverySetting() {
    Container container = new Container(Case.named("tutorial").blueprint().config(), PASSWORD);
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
    Container container = new Container(Case.named("tutorial").blueprint().config(), PASSWORD);
    container.start();

    assertThat(container.cliWith(PASSWORD.strip(), "get", "a")).contains("NOAUTH");
    assertThat(container.cliWith(null, "get", "a")).contains("NOAUTH");
    assertThat(container.cli("set", "a", "b")).doesNotContain("NOAUTH");
  }

  @Test
  void terminationSavesAndTurningAofOnKeepsTheData() {
    Map<String, String> settings =
        new TreeMap<>(Case.named("ephemeral-no-auth-one-shard").blueprint().config());
    Container container = new Container(settings, null);
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

  /** An immutable setting is not tried on a server that runs. */
  @Test
  void aServerThatRefusesItsSettingsStartsWithThoseOfItsLastStart() {
    Map<String, String> settings = new TreeMap<>(Case.named("tutorial").blueprint().config());
    settings.put("tcp-backlog", "128");
    Container container = new Container(settings, PASSWORD);
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
    // How data is kept is as the new file says: it depends on what is on the disk.
    assertThat(container.cli("config", "get", "appendonly")).endsWith("no");
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
    Container container = new Container(settings, PASSWORD);

    container.launch();

    assertThat(Sandbox.exitCode(Objects.requireNonNull(container.process))).isNotZero();
    assertThat(container.box.read("start.sh.output")).contains("argument must be between 0");
  }

  @Test
  void aMasterThatLostItsDataGetsItBackFromItsReplica() throws IOException {
    Map<String, String> settings = Case.named("ephemeral-no-auth-one-shard").blueprint().config();
    Container master = new Container(settings, PASSWORD);
    Container replica = new Container(settings, PASSWORD);
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

  /** What the kubelet would run, but for the addresses. */
  private final class Container {
    private final String ip = RedisServers.nextAddress();
    private final @Nullable String password;
    private final Sandbox box;
    private @Nullable Process process;

    Container(Map<String, String> settings, @Nullable String password) {
      this.password = password;
      box = new Sandbox(root.resolve("container" + containers.size()), "");
      containers.add(this);
      configure(settings);
      Path programs = RedisServers.programs(name);
      box.program("bin/redis-server", "exec %s/server \"$@\"\n".formatted(programs));
      box.program(
          "bin/redis-cli",
          "[ \"$1\" = -h ] || set -- -h %s \"$@\"\nexec %s/cli \"$@\"\n".formatted(ip, programs));
    }

    void configure(Map<String, String> settings) {
      Map<String, String> local = new TreeMap<>(settings);
      local.put("bind", ip);
      local.put("bind-source-addr", ip);
      local.replaceAll((key, value) -> value.replace("/data", box.path("data").toString()));
      box.write("config/redis.conf", RedisConf.render(local));
    }

    void launch() {
      Map<String, String> environment = new TreeMap<>(Map.of("POD_IP", ip));
      if (password != null) {
        environment.put("REDISCLI_AUTH", password);
      }
      process = box.start("start.sh", environment);
    }

    void start() {
      launch();
      await()
          .failFast(
              () -> assertThat(process).as(box.read("start.sh.output")).matches(Process::isAlive))
          .until(() -> cli("ping").equals("PONG"));
    }

    String cli(String... command) {
      return cliWith(password, command);
    }

    String cliWith(@Nullable String auth, String... command) {
      ProcessBuilder builder =
          new ProcessBuilder(RedisServers.programs(name).resolve("cli").toString(), "-h", ip)
              .redirectErrorStream(true);
      builder.command().addAll(List.of(command));
      if (auth != null) {
        builder.environment().put("REDISCLI_AUTH", auth);
      }
      try {
        Process cli = builder.start();
        cli.getOutputStream().close();
        String output =
            new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Sandbox.exitCode(cli);
        return output;
      } catch (IOException e) {
        return e.toString();
      }
    }

    boolean ready() {
      return Sandbox.exitCode(
              box.start(
                  "ready.sh", password == null ? Map.of() : Map.of("REDISCLI_AUTH", password)))
          == 0;
    }

    int terminate() {
      if (process == null) {
        throw new IllegalStateException("not started");
      }
      process.destroy();
      return Sandbox.exitCode(process);
    }

    void kill() {
      if (process != null) {
        process.destroyForcibly();
        Sandbox.exitCode(process);
      }
    }
  }
}
