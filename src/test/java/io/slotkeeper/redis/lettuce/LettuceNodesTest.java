package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotCommands.SizedKey;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.ClosingProxy;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@EachServerVersion
class LettuceNodesTest {
  private static final String PASSWORD = "open-sesame-5up3r";

  private static final String FUNCTION =
      "#!lua name=%s\nredis.register_function('%s', function() return %d end)";

  private final String name;
  private final RedisServers servers;

  /** A machine at work may be slow: only the tests of deadlines have short ones. */
  private final LettuceNodes nodes = nodes(Duration.ofSeconds(20));

  LettuceNodesTest(String name) {
    this.name = name;
    servers = new RedisServers(name, PASSWORD);
  }

  private static LettuceNodes nodes(Duration callTimeout) {
    return new LettuceNodes(
        callTimeout, callTimeout, Duration.ofMinutes(1), InstantSource.system());
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  @Test
  void seesANewServerAsBlank() {
    RedisServer server = servers.start();
    NodeSnapshot seen = node(server).look();

    assertThat(seen.isBlank()).isTrue();
    assertThat(seen.id()).isEqualTo(node(server).myId());
    assertThat(seen.table().myself().address()).isEqualTo(server.address());
    assertThat(seen.stateOk()).isFalse();
    assertThat(seen.version()).startsWith(name.substring(name.indexOf('-') + 1) + ".");
    assertThat(seen.engine()).isEqualTo(name.startsWith("valkey") ? Engine.VALKEY : Engine.REDIS);
    assertThat(seen.databases()).isEqualTo(1);
    assertThat(seen.usedMemory()).isPositive();
    assertThat(seen.maxMemory()).isZero();
    assertThat(seen.nodeTimeoutMillis()).isEqualTo(5000);
    assertThat(seen.replication().master()).isTrue();
    assertThat(nodes.connections()).isEqualTo(1);
  }

  @Test
  void tellsTheSlotOfOneOfItsKeys() {
    RedisServer server = servers.start();
    assertThat(node(server).sampleSlot()).isNull();

    node(server).addSlots(SlotSet.ALL);
    eventually(() -> assertThat(node(server).look().stateOk()).isTrue());
    server.cli("SET", "\u00ff key{2}", "value");

    assertThat(node(server).sampleSlot()).isEqualTo(5649);
  }

  @Test
  void makesAClusterFailsItOverAndForgetsTheDead() {
    List<RedisServer> all = servers.start(5);
    List<RedisServer> masters = all.subList(0, 3);
    List<NodeId> ids = all.stream().map(server -> node(server).myId()).toList();
    List<SlotSet> slots =
        List.of(SlotSet.range(0, 5460), SlotSet.range(5461, 10922), SlotSet.range(10923, 16383));
    for (int i = 0; i < 3; i++) {
      node(masters.get(i)).setConfigEpoch(i + 1);
      node(masters.get(i)).addSlots(slots.get(i));
    }
    meetAll(all);
    for (int i = 0; i < 2; i++) {
      RedisServer replica = all.get(3 + i);
      NodeId master = ids.get(i);
      eventually(() -> node(replica).replicate(master));
    }
    meetAll(all); // all hear of the replicas now, not much later
    eventually(() -> {
      assertOwners(all, Map.of(0, ids.get(0), 5461, ids.get(1), 10923, ids.get(2)));
      assertInSync(all.get(3), all.get(0), ids.get(0), all);
      assertInSync(all.get(4), all.get(1), ids.get(1), all);
    });

    // With the master's cooperation.
    node(all.get(3)).failover(FailoverMode.GRACEFUL);
    eventually(() -> {
      assertOwners(all, Map.of(0, ids.get(3)));
      assertInSync(all.get(0), all.get(3), ids.get(3), all);
    });

    // Without it: the vote is of the other masters.
    all.get(1).cli("SET", "key{2}", "value"); // slot 5649
    eventually(() -> assertThat(node(all.get(4)).look().keys()).isEqualTo(1));
    RedisNode dead = node(all.get(1));
    all.get(1).kill();
    assertThat(unavailable(dead::look).kind()).isIn(Kind.REFUSED, Kind.CLOSED);
    assertThat(unavailable(dead::look).kind()).isEqualTo(Kind.REFUSED);
    node(all.get(4)).failover(FailoverMode.FORCE);
    List<RedisServer> living = List.of(all.get(0), all.get(2), all.get(3), all.get(4));
    eventually(() -> {
      assertOwners(living, Map.of(5461, ids.get(4)));
      NodeSnapshot seen = node(all.get(4)).look();
      assertThat(seen.replication().master()).isTrue();
      assertThat(seen.keys()).isEqualTo(1);
    });

    living.forEach(server -> node(server).forget(ids.get(1)));
    assertThat(living)
        .allSatisfy(server -> assertThat(node(server).look().table().find(ids.get(1))).isEmpty());
    assertThat(
            catchThrowableOfType(
                RedisErrorException.class,
                () -> node(all.getFirst()).forget(new NodeId("0123456789".repeat(4)))))
        .hasMessageContaining("Unknown node");
  }

  @Test
  void afterAResetItIsANewNode() {
    List<RedisServer> all = servers.start(2);
    meetAll(all);
    NodeId before = node(all.getFirst()).myId();
    node(all.getFirst()).reset();

    assertThat(node(all.getFirst()).look().isBlank()).isTrue();
    assertThat(node(all.getFirst()).myId()).isNotEqualTo(before);
    node(all.getLast()).addSlots(SlotSet.ALL);
    eventually(() -> assertThat(node(all.getLast()).look().stateOk()).isTrue());
    all.getLast().cli("SET", "a", "key");
    assertThat(catchThrowableOfType(RedisErrorException.class, () -> node(all.getLast()).reset()))
        .hasMessageContaining("containing keys");
  }

  private void assertOwners(List<RedisServer> servers, Map<Integer, NodeId> owners) {
    for (RedisServer server : servers) {
      NodeSnapshot seen = node(server).look();
      assertThat(seen.stateOk()).isTrue();
      owners.forEach((slot, owner) ->
          assertThat(seen.table().find(owner).orElseThrow().slots().contains(slot)).isTrue());
    }
  }

  private void assertInSync(
      RedisServer replica, RedisServer master, NodeId masterId, List<RedisServer> observers) {
    NodeSnapshot seen = node(replica).look();
    NodeSnapshot.Replication link = seen.replication();
    assertThat(link.master()).isFalse();
    assertThat(link.masterHost()).isEqualTo(master.ip());
    assertThat(link.linkUp()).isTrue();
    assertThat(link.syncing()).isFalse();
    assertThat(observers)
        .allSatisfy(observer ->
            assertThat(node(observer).look().table().find(seen.id()).orElseThrow().master())
                .isEqualTo(masterId));
  }

  @Test
  void setsAllSettingsAtOnce() {
    RedisNode node = node(servers.start());
    node.setConfig(Map.of("cluster-node-timeout", "500", "maxmemory", "100mb"));

    assertThat(node.getConfig(List.of("cluster-node-timeout", "maxmemory", "no-such-setting")))
        .isEqualTo(Map.of("cluster-node-timeout", "500", "maxmemory", "104857600"));
    assertThat(node.look().nodeTimeoutMillis()).isEqualTo(500);
    assertThat(node.look().maxMemory()).isEqualTo(104857600);
  }

  @Test
  void functionsAreCopied() {
    RedisServer from = servers.start();
    RedisServer to = servers.start();
    from.cli("FUNCTION", "LOAD", FUNCTION.formatted("first", "one", 1));
    from.cli("FUNCTION", "LOAD", FUNCTION.formatted("second", "two", 2));
    to.cli("FUNCTION", "LOAD", FUNCTION.formatted("first", "one", 0));
    to.cli("FUNCTION", "LOAD", FUNCTION.formatted("third", "three", 3));
    assertThat(node(from).functions()).isNotEqualTo(node(to).functions());

    node(to).addFunctions(node(from).functions());
    for (String function : List.of("one 1", "two 2", "three 3")) {
      String[] parts = function.split(" ", 2);
      assertThat(to.cli("FUNCTION", "DUMP")).contains(parts[0]);
      assertThat(to.cli("FUNCTION", "LIST", "WITHCODE")).contains("return " + parts[1] + " end");
    }
    from.cli("FUNCTION", "FLUSH");
    node(to).addFunctions(node(from).functions()); // none: nothing happens
    assertThat(to.cli("FUNCTION", "LIST")).contains("first", "second", "third");
  }

  @Test
  void slotCommandsSpeakOfBytes() {
    RedisServer server = servers.start();
    node(server).addSlots(SlotSet.range(0, 16383));
    eventually(() -> assertThat(node(server).look().stateOk()).isTrue());
    byte[] name = {'{', '0', '6', 'S', '}', (byte) 0xff, (byte) 0xfe, 0, '\n'}; // slot 0
    server.cli("EVAL", "redis.call('SET', '{06S}\\255\\254\\0\\n', ARGV[1])", "0", "value");
    SlotCommands slots = node(server).slots();

    assertThat(slots.countKeys(SlotSet.range(0, 10))).isEqualTo(Map.of(0, 1L));
    Map<Integer, List<SizedKey>> keys = slots.keys(SlotSet.range(0, 10), 100);
    assertThat(keys).isEqualTo(Map.of(0, List.of(new SizedKey(new Key(name), 0))));
    Key absent = new Key("{06S}absent".getBytes(StandardCharsets.UTF_8));
    assertThat(slots.existing(List.of(absent, new Key(name)))).containsExactly(new Key(name));
    assertThat(keys.toString()).doesNotContain("06S");

    server.cli("SET", "{06S}large", "x".repeat(5000));
    server.cli("SET", "{06S}small", "x");
    assertThat(slots.keys(SlotSet.of(0), 100).get(0))
        .extracting(SizedKey::bytes)
        .satisfiesExactlyInAnyOrder(
            large -> assertThat(large).isBetween(5000L, 7000L),
            small -> assertThat(small).isZero(),
            named -> assertThat(named).isZero());
    assertThat(slots.keys(SlotSet.of(0), 2).get(0)).hasSize(2);
  }

  @Test
  void aServerThatReadsItsDataIsLoading() {
    RedisServer server = servers.start("appendonly no");
    server.cli("DEBUG", "POPULATE", "2000");
    server.cli("SAVE");
    server.restart("key-load-delay 20000", "loading-process-events-interval-bytes 1024");

    RedisUnavailableException failure = unavailable(node(server)::look);
    assertThat(failure.kind()).isEqualTo(Kind.LOADING);
    assertThat(failure).hasMessageMatching(".*it is reading its data set, \\d+ %.*");
  }

  @Test
  void silenceEndsWithTheDeadline() {
    RedisServer server = servers.start();
    node(server).look();
    try (LettuceNodes hasty = nodes(Duration.ofMillis(500))) {
      RedisNode node = hasty.at(server.endpoint());
      eventually(node::look);
      server.freeze();

      assertThat(unavailable(node::look).kind()).isEqualTo(Kind.TIMEOUT); // while connected
      assertThat(unavailable(node::look).kind()).isEqualTo(Kind.TIMEOUT); // while logging in
      server.thaw();
      eventually(node::look);
    }
  }

  /** As servers do with a short "timeout": the call is not to blame. */
  @Test
  void aConnectionThatIsClosedAsItIsUsedAgainIsOpenedOnceMore() throws Exception {
    RedisServer server = servers.start();
    try (ClosingProxy proxy = new ClosingProxy(server.ip())) {
      RedisNode node = nodes.at(new Endpoint("pod", proxy.ip(), proxy.port(), PASSWORD));
      NodeId id = node.look().id();

      proxy.closeNext();

      assertThat(node.look().id()).isEqualTo(id);
    }
  }

  @Test
  void aProcessThatEndsInACallIsHeardOf() throws Exception {
    try (LettuceNodes patient = nodes(Duration.ofSeconds(40))) {
      RedisServer server = servers.start();
      RedisNode node = patient.at(server.endpoint());
      node.look();
      server.freeze();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread caller = Thread.startVirtualThread(() -> failure.complete(unavailable(node::look)));
      awaitWaiting(caller);
      server.kill();

      assertThat(failure.get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              RedisUnavailableException.class,
              e -> assertThat(e.kind()).isIn(Kind.CLOSED, Kind.REFUSED));
    }
  }

  @Test
  void anInterruptEndsTheWait() throws InterruptedException, ExecutionException {
    try (LettuceNodes patient = nodes(Duration.ofMinutes(10))) {
      RedisServer server = servers.start();
      server.freeze();
      RedisNode node = patient.at(server.endpoint());
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            unavailable(node::look);
            interrupted.complete(Thread.currentThread().isInterrupted());
          });
      awaitWaiting(caller);
      caller.interrupt();

      assertThat(interrupted.get()).isTrue();
    }
  }

  @Test
  void callersShareOneConnection() {
    RedisServer server = servers.start();
    List<Thread> callers =
        Stream.generate(() -> Thread.startVirtualThread(() -> node(server).look()))
            .limit(20)
            .toList();
    callers.forEach(LettuceNodesTest::join);
    assertThat(nodes.connections()).isEqualTo(1);
    assertThat(server.cli("INFO", "stats")).contains("total_connections_received:3"); // start, cli

    nodes.forget(server.endpoint().owner());
    assertThat(nodes.connections()).isZero();
    assertThat(node(server).look().isBlank()).isTrue();
  }

  private void meetAll(List<RedisServer> all) {
    for (RedisServer from : all) {
      for (RedisServer to : all) {
        if (from != to) {
          node(from).meet(to.address());
        }
      }
    }
  }

  private RedisNode node(RedisServer server) {
    return nodes.at(server.endpoint());
  }

  private static RedisUnavailableException unavailable(Runnable call) {
    return catchThrowableOfType(RedisUnavailableException.class, call::run);
  }

  private static void eventually(Runnable assertion) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(
            e -> e instanceof RedisErrorException || e instanceof RedisUnavailableException)
        .untilAsserted(assertion::run);
  }

  private static void awaitWaiting(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
