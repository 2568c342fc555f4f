package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Clients of a Standalone, which know the address of its Service and nothing else. They append to
 * lists all the time, and remember what was acknowledged.
 */
public final class ServiceClients implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestRedis redis;
  private final ClusterNetwork network;
  private final Session reader;
  private final List<Writer> writers = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private int round;

  /**
   * @param redis that runs
   */
  public ServiceClients(TestRedis redis) {
    Space space = redis.space();
    Optional<LocalCluster> cluster = LocalCluster.of(space.cluster());
    assumeTrue(cluster.isPresent(), "the clients are in the network of dev/cluster/cluster");
    this.redis = redis;
    network = ClusterNetwork.enter(cluster.get().networkWithServices());
    reader = session();
    for (boolean waits : new boolean[] {false, true}) {
      writers.add(new Writer(session(), "written", 0, waits));
    }
    writers.forEach(writer -> Thread.ofVirtual().name("writer").start(writer));
    awaitWrites();
  }

  private Session session() {
    List<String> address = List.of(clusterIp(redis.name()));
    return new Session(network, () -> address, Subject.password(redis), TIMEOUT);
  }

  private String clusterIp(String service) {
    return redis
        .space()
        .client()
        .services()
        .inNamespace(redis.space().name())
        .withName(service)
        .require()
        .getSpec()
        .getClusterIP();
  }

  /** Waits until each of them has a write acknowledged from now on. */
  public ServiceClients awaitWrites() {
    Instant now = Instant.now();
    awaitAsserted(() -> assertThat(writers).allMatch(writer -> writer.hasWrittenSince(now)));
    return this;
  }

  /** Each write that was ever acknowledged is there, and nothing else. */
  public void assertNothingLost() {
    assertThat(lost()).isEmpty();
  }

  /**
   * Each write that a replica had when it was acknowledged is there. A primary that is killed may
   * take others along, for it sends them on later.
   */
  public void assertNothingCopiedLost() {
    assertThat(lost().stream().filter(write -> write.replicas() > 0)).isEmpty();
  }

  private List<Page.Acknowledged> lost() {
    round++;
    List<Page> written = writers.stream().map(writer -> writer.turnPage(round)).toList();
    pages.addAll(written);
    assertThat(written).allMatch(page -> page.writes() > 0);
    System.out.printf(
        "%s: %d writes acknowledged, %d of them with a replica, longest stall %d ms%n",
        redis.name(),
        written.stream().mapToInt(Page::writes).sum(),
        written.stream().mapToLong(Page::withReplicas).sum(),
        writers.stream()
            .map(Writer::longestStall)
            .max(Duration::compareTo)
            .orElseThrow()
            .toMillis());
    List<Page.Acknowledged> lost = new ArrayList<>();
    for (Page page : pages) {
      List<Long> list = list(page.key());
      assertThat(page.impossible(list)).isEmpty();
      lost.addAll(page.lost(list));
    }
    return lost;
  }

  private List<Long> list(String key) {
    return ask("LRANGE", key, "0", "-1").stream()
        .map(text -> Long.valueOf(String.valueOf(text)))
        .toList();
  }

  private List<?> ask(String... command) {
    // A connection from before the last failover has been closed meanwhile.
    return await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsMatching(e -> e instanceof IOException || e instanceof ErrorReply)
        .until(() -> (List<?>) reader.attempt(server -> server.command(command)), answer -> true);
  }

  @Override
  public void close() {
    writers.forEach(Writer::end);
    reader.close();
    network.close();
  }
}
