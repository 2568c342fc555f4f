package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.EachServerVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wanted changes while a server is stopped, killed, or runs: nothing that it had is lost.
 */
@Timeout(180)
@EachServerVersion
class PersistenceScriptTest {
  private static final String SAVE = "3600 1";
  private static final String NO_SAVE = "\"\"";

  private final String name;
  private final Map<String, String> settings =
      new TreeMap<>(Case.named("ephemeral-no-auth-one-shard").blueprint().config());

  @TempDir Path root;

  @SuppressWarnings("NullAway.Init") // by prepare()
  private Container server;

  PersistenceScriptTest(String name) {
    this.name = name;
  }

  @BeforeEach
  void prepare() {
    server = new Container(root, name, settings, "secret");
  }

  @AfterEach
  void kill() {
    server.kill();
  }

  private void start(String appendonly, String save) {
    settings.put("appendonly", appendonly);
    settings.put("save", save);
    server.configure(settings);
    server.start();
    if (server.cli("cluster", "info").contains("cluster_slots_assigned:0")) {
      server.cli("cluster", "addslotsrange", "0", "16383");
    }
    set("started", "yes");
  }

  private void set(String key, String value) {
    eventually(() -> server.cli("set", key, value).equals("OK"));
  }

  private void aof(String value) {
    assertThat(server.cli("config", "set", "appendonly", value)).isEqualTo("OK");
    eventually(() ->
        server.cli("info", "persistence").contains("aof_rewrite_in_progress:0")
            && server.cli("info", "persistence").contains("aof_rewrite_scheduled:0"));
  }

  private static void eventually(java.util.concurrent.Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private void assertHas(String key, String value) {
    eventually(() -> !server.cli("get", key).contains("CLUSTERDOWN"));
    assertThat(server.cli("get", key)).isEqualTo(value);
  }

  private boolean hasAof() {
    return server.box.path("data/appendonlydir").toFile().exists();
  }

  @Test
  void anOldAofDoesNotWinOverTheDumpOfAnOrderlyStop() {
    start("yes", SAVE);
    set("a", "before");
    aof("no");
    set("a", "after");
    set("b", "2");
    assertThat(server.terminate()).isZero();

    start("yes", SAVE);
    assertHas("a", "after");
    assertHas("b", "2");
    assertThat(server.cli("config", "get", "appendonly")).endsWith("yes");
  }

  @Test
  void whatOnlyTheAofHasIsLoadedAlthoughItIsUnwanted() {
    start("yes", NO_SAVE);
    set("a", "acknowledged");
    assertThat(server.stop()).isZero();

    start("no", NO_SAVE);
    assertHas("a", "acknowledged");
    assertThat(server.cli("config", "get", "appendonly")).endsWith("yes");
  }

  @Test
  void aDumpBecomesTheAofHoweverYesIsQuoted() {
    start("no", SAVE);
    set("a", "dumped");
    assertThat(server.stop()).isZero();

    start("'yes'", SAVE);
    assertHas("a", "dumped");
    assertThat(server.kill()).isEqualTo(137);

    start("\"\\x79es\"", SAVE);
    assertHas("a", "dumped");
  }

  /** The ready script sees it: it has a snapshot written, and puts the AOF away only then. */
  @Test
  void anAofThatWentOffIsPutAwayOnceADumpHasAll() {
    start("yes", SAVE);
    set("a", "before");
    aof("no");
    set("a", "after");
    assertThat(server.ready()).isTrue();
    assertThat(hasAof()).isTrue();
    eventually(() -> server.ready() && !hasAof());
    assertThat(server.kill()).isEqualTo(137);

    start("yes", SAVE);
    assertHas("a", "after");
  }

  @Test
  void anAofThatGoesOnAgainIsWhole() {
    start("yes", SAVE);
    aof("no");
    eventually(() -> server.ready() && !hasAof());
    set("a", "dump only");
    aof("yes");
    set("b", "in the AOF");
    assertThat(server.kill()).isEqualTo(137);

    start("no", SAVE);
    assertHas("a", "dump only");
    assertHas("b", "in the AOF");
  }

  @Test
  void whatStopsRightAfterAofWentOffHasItsDump() {
    start("yes", SAVE);
    set("a", "before");
    assertThat(server.ready()).isTrue();
    aof("no");
    set("a", "after");
    assertThat(server.stop()).isZero();

    start("no", SAVE);
    assertHas("a", "after");
    assertThat(hasAof()).isFalse();
  }
}
