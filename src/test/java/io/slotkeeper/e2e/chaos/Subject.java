package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.lettuce.core.cluster.SlotHash;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Redis under chaos, with its writers and all they have written. */
final class Subject implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestRedis redis;
  private final boolean durable;
  private volatile Servers servers;
  private final Session reader;
  private final List<Writer> writers = new ArrayList<>();
  private final List<Page> young = new ArrayList<>();
  private final List<Page> old = new ArrayList<>();

  /** What one round did to the data. */
  record Reading(
      int writes, long withReplicas, int lost, long lostWithReplicas, List<String> problems) {}

  /**
   * @param redis that runs; a cluster with its slots in equal parts
   */
  Subject(TestRedis redis, boolean durable, Servers servers) {
    this(redis, durable, servers, servers.masters());
  }

  /**
   * @param tags in as many slots it is written, evenly spread; a multiple of the masters
   */
  Subject(TestRedis redis, boolean durable, Servers servers, int tags) {
    this.redis = redis;
    this.durable = durable;
    this.servers = servers;
    this.reader = session();
    for (int i = 0; i < tags; i++) {
      int shard = i * servers.masters() / tags;
      writers.add(new Writer(session(), tag(i, tags), shard, false));
      if (servers.replicas() > 0) {
        writers.add(new Writer(session(), tag(i, tags), shard, true));
      }
    }
    writers.forEach(writer -> Thread.ofVirtual().name("writer").start(writer));
  }

  private Session session() {
    // Those of now: it may be resized.
    return new Session(servers.network(), () -> servers.entries(), servers.password(), TIMEOUT);
  }

  /** Its spec asks for this from now on. */
  void expect(Servers servers) {
    this.servers = servers;
  }

  static String password(TestRedis redis) {
    var secret =
        redis
            .space()
            .client()
            .secrets()
            .inNamespace(redis.space().name())
            .withName(redis.name() + "-auth")
            .get();
    return new String(
        Base64.getDecoder().decode(secret.getData().get("password")), StandardCharsets.UTF_8);
  }

  /** A hash tag in the middle of one of several equal parts of the slots. */
  static String tag(int part, int parts) {
    int middle = (2 * part + 1) * SlotHash.SLOT_COUNT / parts / 2;
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "t" + i)
        .filter(tag -> Math.abs(SlotHash.getSlot(tag) - middle) < SlotHash.SLOT_COUNT / parts / 4)
        .findFirst()
        .orElseThrow();
  }

  TestRedis redis() {
    return redis;
  }

  String name() {
    return redis.name();
  }

  boolean durable() {
    return durable;
  }

  Servers servers() {
    return servers;
  }

  /** All that is done to it in turn. */
  List<Fault> faults() {
    return switch (servers) {
      case ClusterServers _ -> Fault.ofCluster(durable);
      case PrimaryAndReplicas _ -> Fault.ofStandalone(durable);
      case ServersAndSentinels _ -> Fault.ofSentinel(durable);
    };
  }

  List<Pod> pods() {
    return servers.addresses().pods();
  }

  /** Of servers and Sentinels. */
  Stream<Pod> allPods() {
    return Stream.concat(pods().stream(), servers.addresses().sentinels().stream());
  }

  /** The pod of this name, whichever it is by now. */
  @Nullable Pod pod(String name) {
    return allPods()
        .filter(pod -> pod.getMetadata().getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** What keeps it from being as it should, by its status and by its servers. */
  List<String> problems() {
    RedisStatus status = redis.status().orElse(null);
    if (status == null
        || status.phase() != Phase.Running
        || !Conditions.isTrue(status.conditions(), ConditionType.Ready)
        || Conditions.isTrue(status.conditions(), ConditionType.Degraded)) {
      String why =
          redis.condition(ConditionType.Ready).map(c -> c.getMessage()).orElse("no status");
      return List.of((status == null ? "" : status.phase() + ": ") + why);
    }
    return servers.problems();
  }

  /** The longest time without an acknowledgement since it was last asked, of plain writes. */
  Duration longestStall() {
    return writers.stream()
        .filter(writer -> !writer.waits())
        .map(Writer::longestStall)
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** Waits until each of its clients has a write acknowledged from now on. */
  void awaitWrites() {
    Instant now = Instant.now();
    awaitAsserted(() -> assertThat(writers).allMatch(writer -> writer.hasWrittenSince(now)));
  }

  /** Reads what has been written since the last time, and all that was written before. */
  Reading read(int round, Damage damage) {
    List<String> problems = new ArrayList<>();
    for (Page page : old) {
      if (length(page) != page.keptLength()) {
        problems.add(
            "%s had %d elements, now %d".formatted(page.key(), page.keptLength(), length(page)));
      }
    }
    // Those of the round before, too: its last writes were young when this round began.
    List<Page> before = List.copyOf(young);
    writers.forEach(writer -> young.add(writer.turnPage(round)));
    int writes = 0;
    long withReplicas = 0;
    List<Page.Acknowledged> lost = new ArrayList<>();
    for (Page page : List.copyOf(young)) {
      List<Long> list = list(page);
      problems.addAll(page.impossible(list));
      if (before.contains(page)) {
        young.remove(page);
      } else {
        writes += page.writes();
        withReplicas += page.withReplicas();
      }
      for (Page.Acknowledged write : page.lost(list)) {
        lost.add(write);
        if (!damage.mayLose(page.shard(), write)) {
          problems.add("lost: " + page.key() + " of shard " + page.shard() + ": " + write);
        }
      }
      if (before.contains(page)) {
        page.keep(list);
        old.add(page);
      }
    }
    long lostWithReplicas = lost.stream().filter(write -> write.replicas() > 0).count();
    return new Reading(writes, withReplicas, lost.size(), lostWithReplicas, problems);
  }

  /** Everything that was ever written and kept is there, as it was. */
  List<String> readAll() {
    return old.stream()
        .filter(page -> !page.isAsKept(list(page)))
        .map(page -> page.key() + " is not what it was")
        .toList();
  }

  private long length(Page page) {
    return ask(server -> (Long) server.command("LLEN", page.key()));
  }

  private List<Long> list(Page page) {
    return ask(server ->
        ((List<?>) server.command("LRANGE", page.key(), "0", "-1"))
            .stream().map(text -> Long.valueOf(String.valueOf(text))).toList());
  }

  /** Redirections, and connections that broke with a server since they were last used, pass. */
  private <T> T ask(Session.Task<T> task) {
    return await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsMatching(e -> e instanceof IOException || e instanceof ErrorReply)
        .until(() -> reader.attempt(task), answer -> true);
  }

  @Override
  public void close() {
    writers.forEach(Writer::end);
    reader.close();
  }
}
