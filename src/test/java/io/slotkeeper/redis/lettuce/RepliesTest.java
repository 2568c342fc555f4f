package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What real servers reply when they do not answer, and that each reply is taken for what it is. */
@Timeout(60)
@EachServerVersion
class RepliesTest {
  private static final String PASSWORD = "open-sesame-5up3r";

  private final String name;
  private final RedisServers servers;
  private final LettuceNodes nodes = RedisServers.patientNodes();

  RepliesTest(String name) {
    this.name = name;
    servers = new RedisServers(name, PASSWORD);
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  @Test
  void theThreeTroublesWithPasswords() {
    RedisServer locked = servers.start();
    assertThat(look(locked.ip(), null).kind()).isEqualTo(Kind.PASSWORD_REQUIRED);
    assertThat(look(locked.ip(), "wr0ng-" + PASSWORD).kind()).isEqualTo(Kind.WRONG_PASSWORD);
    try (RedisServers others = new RedisServers(name, null)) {
      assertThat(look(others.start().ip(), PASSWORD).kind()).isEqualTo(Kind.NO_PASSWORD);
    }
  }

  @Test
  void aScriptThatRunsLong() throws Exception {
    RedisServer server = servers.start("busy-reply-threshold 100");
    node(server).addSlots(SlotSet.ALL);
    await().untilAsserted(() -> assertThat(node(server).look().stateOk()).isTrue());
    Thread script = ends(server, "EVAL", "while true do end", "0");

    RedisUnavailableException busy = awaitBusy(server);
    assertThat(busy.detail()).contains("SCRIPT KILL");
    assertThat(busy.kind().answers()).isTrue();

    server.cli("SCRIPT", "KILL");
    script.join();
    assertThat(node(server).look().stateOk()).isTrue();
    assertThat(nodes.connections()).isEqualTo(1);
  }

  @Test
  void aFunctionThatRunsLong() throws Exception {
    RedisServer server = servers.start("busy-reply-threshold 100");
    server.cli(
        "FUNCTION",
        "LOAD",
        "#!lua name=mylib\nredis.register_function('spin', function() while true do end end)");
    node(server).addSlots(SlotSet.ALL);
    await().untilAsserted(() -> assertThat(node(server).look().stateOk()).isTrue());
    Thread function = ends(server, "FCALL", "spin", "0");

    assertThat(awaitBusy(server).detail()).contains("FUNCTION KILL");

    server.cli("FUNCTION", "KILL");
    function.join();
    assertThat(node(server).look().stateOk()).isTrue();
  }

  /** Ends with an error when the script is killed. */
  private static Thread ends(RedisServer server, String... command) {
    return Thread.startVirtualThread(() -> {
      try {
        server.cli(command);
      } catch (IllegalStateException e) {
        // killed, as it should be
      }
    });
  }

  private RedisUnavailableException awaitBusy(RedisServer server) {
    return await()
        .until(
            () -> catchThrowableOfType(RedisUnavailableException.class, () -> node(server).look()),
            failure -> failure != null && failure.kind() == Kind.BUSY);
  }

  @Test
  void asManyClientsAsAllowed() throws IOException {
    RedisServer server = servers.start("maxclients 5");
    List<Socket> clients = new ArrayList<>();
    try {
      // Fill it, then try again and again: the reply may arrive before or after the login is sent.
      for (int i = 0; i < 5; i++) {
        clients.add(new Socket(server.ip(), RedisServers.PORT));
        clients.getLast().getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(clients.getLast().getInputStream().read()).isEqualTo('-'); // NOAUTH
      }
      for (int i = 0; i < 50; i++) {
        for (String password : new String[] {PASSWORD, null}) {
          RedisUnavailableException refused = look(server.ip(), password);
          assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(Kind.MAX_CLIENTS);
          assertThat(refused.detail()).contains("max number of clients");
        }
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
    await().untilAsserted(() -> assertThat(node(server).look().isBlank()).isTrue());
  }

  @Test
  void anAccountThatMayNotLook() {
    RedisServer server = servers.start();
    node(server).look();
    server.cli("ACL", "SETUSER", "default", "-cluster");

    RedisUnavailableException failure = look(server);
    assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED);
    assertThat(failure.detail()).startsWith("NOPERM");
    assertThat(failure.kind().isAboutPassword()).isFalse();

    server.cli("ACL", "SETUSER", "default", "+@all");
    assertThat(node(server).look().isBlank()).isTrue();
  }

  @Test
  void aDisabledAccountIsReportedAsAWrongPassword() {
    RedisServer server = servers.start();
    server.cli("ACL", "SETUSER", "default", "off");
    assertThat(look(server).kind()).isEqualTo(Kind.WRONG_PASSWORD); // the server's own word
  }

  /** A failed save, too much memory, too few replicas: these are of no command that looks. */
  @Test
  void serversThatRefuseWritesAnswer() {
    RedisServer server =
        servers.start("min-replicas-to-write 1", "maxmemory 1", "maxmemory-policy noeviction");
    node(server).addSlots(SlotSet.ALL);
    await().untilAsserted(() -> assertThat(node(server).look().stateOk()).isTrue());
    assertThat(catchThrowableOfType(IllegalStateException.class, () -> server.cli("SET", "a", "b")))
        .hasMessageMatching("(?s).*(OOM|NOREPLICAS).*");
    assertThat(node(server).look().keys()).isZero();
  }

  /** MASTERDOWN, which a replica without its master replies to whatever reads keys. */
  @Test
  void aReplicaThatMustNotServeStaleDataTellsTheSlotOfAKey() {
    List<RedisServer> both = servers.start(2);
    RedisServer master = both.getFirst();
    RedisServer replica = both.getLast();
    node(master).addSlots(SlotSet.ALL);
    node(master).meet(replica.address());
    node(replica).meet(master.address());
    await().untilAsserted(() -> assertThat(node(master).look().stateOk()).isTrue());
    // Refused until the two have met; then once, as a second one begins the synchronization again.
    await().ignoreExceptions().untilAsserted(() -> node(replica).replicate(node(master).myId()));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(node(replica).look().replication().linkUp()).isTrue());
    master.cli("SET", "{2}", "value");
    await().untilAsserted(() -> assertThat(node(replica).look().keys()).isEqualTo(1));
    replica.cli("CONFIG", "SET", "replica-serve-stale-data", "no");
    master.kill();
    await().untilAsserted(() -> assertThat(node(replica).look().replication().linkUp()).isFalse());

    assertThat(catchThrowableOfType(IllegalStateException.class, () -> replica.cli("RANDOMKEY")))
        .hasMessageContaining("MASTERDOWN");
    assertThat(node(replica).sampleSlot()).isEqualTo(5649);
  }

  private RedisUnavailableException look(RedisServer server) {
    return unavailable(node(server));
  }

  private RedisUnavailableException look(String ip, @Nullable String password) {
    return unavailable(nodes.at(new Endpoint("other", ip, RedisServers.PORT, password)));
  }

  private static RedisUnavailableException unavailable(RedisNode node) {
    RedisUnavailableException failure =
        catchThrowableOfType(RedisUnavailableException.class, node::look);
    assertThat(failure).isNotNull();
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    assertThat(text.toString()).doesNotContain(PASSWORD);
    return failure;
  }

  private RedisNode node(RedisServer server) {
    return nodes.at(server.endpoint());
  }
}
