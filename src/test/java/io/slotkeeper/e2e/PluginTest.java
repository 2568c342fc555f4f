package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.resources.Names;
import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The plugin for kubectl, which {@code dev/plugin} builds, with real servers in every mode. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginTest {
  private static final Duration DEADLINE = Duration.ofMinutes(6);

  private final Space space;
  private final TestRedis sentinel;

  PluginTest(Space space) {
    this.space = space;
    this.sentinel = new TestRedis(space, "watched");
  }

  @BeforeAll
  void createOneOfEachKind() throws IOException {
    String example = Files.readString(Path.of("examples/cluster/redis.yaml"));
    space.apply(example.replace("namespace: demo", "namespace: " + space.name())).orFail();
    sentinel.create("{mode: Sentinel, version: valkey-9.1, sentinel: {replicas: 1}}");
    plugin("wait", "redis-cluster", "--for", "Complete", "--timeout", "3m").orFail();
    plugin("wait", "rd/watched", "--for", "Complete", "--timeout", "3m").orFail();
  }

  /** Every command that the page shows, and what it prints. */
  @Test
  void thePageIsTrue(@TempDir Path directory) throws IOException {
    String page = Files.readString(Path.of("docs/kubectl-plugin.md"));
    Path copy = directory.resolve("kubectl-plugin.md");
    Files.writeString(copy, page.replaceAll("\\bdemo\\b", space.name()));

    String follow = Path.of("examples/follow").toAbsolutePath().toString();
    Program.run(space.cluster().environment(), List.of(follow, copy.toString()), DEADLINE).orFail();
  }

  @Test
  void aScreenOfSentinelsShowsThePrimaryThatTheyNamed() {
    String screen = plugin("status", "watched").orFail();

    assertThat(screen.lines())
        .filteredOn(line -> line.contains("watched-sentinel-") && line.contains(" Ready "))
        .hasSize(3)
        .allMatch(line -> line.contains(sentinel.master(0)));
    assertThat(screen).contains("mode Sentinel: 1 primary, 1 replica, 3 Sentinels", "in sync");
  }

  @Test
  void scriptsReadWhatTheServersSay() {
    JsonNode status = json(plugin("status", "redis-cluster", "--live", "-o", "json").orFail());

    assertThat(status.get("servers")).hasSize(6);
    for (JsonNode server : status.get("servers")) {
      assertThat(server.at("/live/version").asText()).startsWith("7.0.");
      assertThat(server.at("/live/usedMemoryBytes").asLong()).isPositive();
      assertThat(server.get("node").asText()).isNotEmpty();
    }
    assertThat(status.at("/password/changed").asText()).isNotEmpty();
  }

  /** What the plugin prints of a password it prints on request alone. */
  @Test
  void noPasswordIsPrintedUnasked() {
    String password = password(new Names("redis-cluster").authSecret());

    for (String[] command :
        List.of(
            new String[] {"connect", "redis-cluster"},
            new String[] {"status", "redis-cluster", "-o", "json"})) {
      assertThat(plugin(command).orFail()).doesNotContain(password);
    }
    assertThat(plugin("connect", "redis-cluster", "--show-password").orFail()).contains(password);
  }

  @Test
  void aUserWithoutRightsIsToldWhichAreMissing() {
    Program.Result nothing = plugin("--as", "stranger", "status", "redis-cluster");
    assertThat(nothing.succeeded()).isFalse();
    assertThat(nothing.output())
        .contains("you do not have the right", "redises", "docs/kubectl-plugin.md");

    space
        .kubectl("create", "rolebinding", "viewer", "--clusterrole=view", "--user=viewer")
        .orFail();
    // Aggregation into the role takes a moment.
    awaitAsserted(() -> {
      String screen = plugin("--as", "viewer", "status", "redis-cluster").orFail();
      assertThat(screen).contains("you may not exec into pods here", "redis-cluster-shard0-0");
    });
    assertThat(plugin("--as", "viewer", "status", "redis-cluster", "--live").output())
        .contains("you do not have the right", "pods/exec");
    assertThat(plugin("--as", "viewer", "rotate", "redis-cluster").output())
        .contains("you do not have the right", "cannot patch");
  }

  /** Each with what to do next. */
  @Test
  void badInputIsExplained() {
    assertThat(plugin("status", "no-such").output())
        .contains("there is no Redis no-such in namespace " + space.name(), "there is: ");
    assertThat(plugin("status", "../secrets").output()).contains("is not a Redis");
    assertThat(plugin("cli", "redis-cluster", "--pod", "other", "--", "ping").output())
        .contains("other is no pod of redis-cluster", "redis-cluster-shard0-0");
    assertThat(plugin("cli", "redis-cluster", "--shard", "9", "--", "ping").output())
        .contains("has no shard 9");
    assertThat(plugin("slots", "watched").output()).contains("has no slots", "Sentinel");
    assertThat(plugin("wait", "redis-cluster", "--for", "Luck").output()).contains("Ready");
    assertThat(plugin("wait", "redis-cluster", "--for", "Halted", "--timeout", "1500ms").output())
        .contains("is not Halted after 1.5s");
  }

  @Test
  void aSentinelAnswersItsOwnCommands() {
    assertThat(
            plugin(
                    "cli",
                    "watched",
                    "--pod",
                    "watched-sentinel-0",
                    "--",
                    "sentinel",
                    "get-master-addr-by-name",
                    "watched")
                .orFail())
        .contains(space.pod(sentinel.master(0)).getStatus().getPodIP());
  }

  /** As {@code kubectl auth can-i} does: the exit code tells scripts. */
  @Test
  void aServerSaysWhatAUserMayDo() {
    plugin("cli", "watched", "--", "acl", "setuser", "reader", "on", "nopass", "~*", "+get")
        .orFail();

    assertThat(plugin("can", "watched", "reader", "get", "hello").orFail()).isEqualTo("yes\n");
    Program.Result write = plugin("can", "watched", "reader", "set", "hello", "world");
    assertThat(write.succeeded()).isFalse();
    assertThat(write.output()).startsWith("no: ").contains("'set'");
    assertThat(plugin("can", "watched", "no-such", "get", "hello").output())
        .contains("the server cannot say");
  }

  /** A change of the pod template, so the operator does it with all its guards. */
  @Test
  void aRestartReplacesEveryPodAndKeepsTheData() {
    TestRedis redis =
        space
            .create("again", "{mode: Standalone, standalone: {replicas: 1}, version: '8.0'}")
            .awaitRunning();
    plugin("cli", "again", "--", "set", "hello", "world").orFail();
    List<String> before = uids(redis);

    assertThat(plugin("restart", "again", "--dry-run").orFail()).contains("nothing was changed");
    plugin("restart", "again").orFail();
    plugin("wait", "again", "--for", "Complete").orFail();

    assertThat(uids(redis)).hasSize(2).doesNotContainAnyElementsOf(before);
    assertThat(plugin("cli", "again", "--", "get", "hello").orFail()).isEqualTo("world\n");

    plugin("halt", "again").orFail();
    plugin("wait", "again", "--for", "Halted").orFail();
    assertThat(redis.pods()).isEmpty();
    assertThat(plugin("status", "again").orFail()).contains("Stopped", "volumes are kept");
    assertThat(plugin("restart", "again").output()).contains("again is halted");
    plugin("resume", "again").orFail();
    plugin("wait", "again").orFail();
    assertThat(plugin("cli", "again", "--", "get", "hello").orFail()).isEqualTo("world\n");
    redis.delete();
  }

  @Test
  void aPasswordThatTheUserBringsIsNotRotated() {
    space
        .kubectl("create", "secret", "generic", "brought", "--from-literal=password=of-mine")
        .orFail();
    space.create("own", "{cluster: {master: 1}, auth: {secretRef: {name: brought}}}");

    assertThat(plugin("rotate", "own").output()).contains("it is in Secret brought");
  }

  @Test
  void kubectlCompletesTheNames() {
    Program.Result completed =
        Program.run(
            space.cluster().environment(),
            List.of("kubectl_complete-slotkeeper", "status", "-n", space.name(), "redis-"));

    assertThat(completed.orFail()).contains("redis-cluster\n");
  }

  private List<String> uids(TestRedis redis) {
    return redis.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  private String password(String secret) {
    Map<String, String> data =
        space.client().secrets().inNamespace(space.name()).withName(secret).require().getData();
    return new String(Base64.getDecoder().decode(data.get("password")), StandardCharsets.UTF_8);
  }

  private Program.Result plugin(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "slotkeeper", "-n", space.name()));
    command.addAll(List.of(arguments));
    return Program.run(space.cluster().environment(), command);
  }

  private static JsonNode json(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }
}
