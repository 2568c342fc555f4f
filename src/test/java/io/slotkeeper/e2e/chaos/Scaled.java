package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lettuce.core.cluster.SlotHash;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Labels;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A Redis with a replica for each master that is scaled while clients write: they have keys of
 * every sort there from before, and append to lists all the time.
 */
public final class Scaled implements AutoCloseable {
  private static final int REPLICAS = 1;

  /** A multiple of the masters there are at first. */
  private static final int TAGS = 6;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final TestRedis redis;
  private final ClusterNetwork network;
  private final SharedIndexInformer<Pod> watch;
  private final Subject subject;
  private ClusterServers servers;
  private final Samples samples;
  private final Damage damage = new Damage();

  /** Then replication, which is asynchronous, may have been cut short. */
  private boolean killed;

  private int rounds;

  /**
   * @param redis that runs
   * @param masters of it: 1, 2, 3 or 6
   */
  public Scaled(TestRedis redis, int masters) throws IOException, ErrorReply {
    Space space = redis.space();
    Optional<LocalCluster> cluster = LocalCluster.of(space.cluster());
    assumeTrue(cluster.isPresent(), "the clients are in the network of dev/cluster/cluster");
    this.redis = redis;
    network = ClusterNetwork.enter(cluster.get().network());
    watch = space.client().pods().inNamespace(space.name()).inform();
    var addresses = new Addresses(watch, redis.name());
    servers = ClusterServers.of(redis, masters, REPLICAS, network, addresses);
    subject = new Subject(redis, true, servers, TAGS);
    awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
    samples = new Samples(network, addresses, Subject.password(redis), servers);
  }

  /** Asks for so many masters, and does not wait for them. */
  public void resize(int masters) {
    redis.patch("{cluster: {master: %d}}".formatted(masters));
    servers = servers.resized(masters);
    subject.expect(servers);
  }

  /** Waits until the operator acts on what it was last asked for. */
  public void awaitHeard() {
    awaitAsserted(() ->
        assertThat(redis.status().orElseThrow().observedGeneration())
            .isEqualTo(redis.resource().get().getMetadata().getGeneration()));
  }

  /** How many slots the shards from this number on have. */
  public int slotsFrom(int shard) {
    return servers.slots().entrySet().stream()
        .filter(entry -> Servers.shard(entry.getKey()) >= shard)
        .mapToInt(entry -> entry.getValue().cardinality())
        .sum();
  }

  /** Waits until the shards from this number on have more slots than so many; tells how many. */
  public int awaitMoreSlots(int shard, int count) {
    return until(() -> slotsFrom(shard), now -> now > count);
  }

  private static <T> T until(Callable<T> look, Predicate<T> enough) {
    return await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .until(look, enough);
  }

  /** The number of the shard that has the hash of 50 MB. */
  public int homeOfLarge() {
    return servers.slots().entrySet().stream()
        .filter(entry -> entry.getValue().get(samples.slotOfLarge()))
        .map(entry -> Servers.shard(entry.getKey()))
        .findFirst()
        .orElseThrow();
  }

  /** SIGKILL for the operator that acts. */
  public void killOperator() {
    String leader = redis.space().operator().leader();
    LocalCluster.kill(
        redis.space().operator().pods().stream()
            .filter(pod -> pod.getMetadata().getName().equals(leader))
            .findFirst()
            .orElseThrow(),
        Set.of("java"));
    report("the operator");
  }

  /** SIGKILL for a master in the middle of giving slots away key by key. */
  public void killGiver() {
    killServer(until(() -> servers.opening("->-"), Optional::isPresent).orElseThrow());
  }

  /** SIGKILL for a master in the middle of taking slots key by key. */
  public void killTaker() {
    killServer(until(() -> servers.opening("-<-"), Optional::isPresent).orElseThrow());
  }

  /** SIGKILL for the master of a shard. */
  public void killMaster(int shard) {
    killServer(
        until(
                () ->
                    servers.slots().keySet().stream()
                        .filter(pod -> Servers.shard(pod) == shard)
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow());
  }

  /** Waits until Kubernetes has seen it. */
  private void killServer(Pod pod) {
    killed = true;
    damage.hit(pod.getMetadata().getName(), Servers.shard(pod), true);
    LocalCluster.kill(pod, Havoc.SERVERS);
    report(pod.getMetadata().getName());
    until(new Havoc(subject, new Random()).isAnother(pod)::getAsBoolean, seen -> seen);
  }

  private void report(String killed) {
    System.out.printf(
        "scale: killed %s of %s; by shard the slots are %s%n",
        killed,
        redis.name(),
        servers.slots().entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> Servers.shard(entry.getKey()),
                    entry -> entry.getValue().cardinality(),
                    Integer::sum,
                    TreeMap::new)));
  }

  /**
   * Waits until it has the size that it was last asked for, and all is well with it and with all
   * that was ever acknowledged.
   */
  public void awaitWhole() {
    redis.awaitRunning();
    awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
    assertThat(redis.status().orElseThrow().shardCount()).isEqualTo(servers.masters());
    awaitAsserted(() ->
        assertThat(servers.slots().values())
            .extracting(BitSet::cardinality)
            .hasSize(servers.masters())
            .allSatisfy(count ->
                assertThat(count)
                    .isBetween(
                        SlotHash.SLOT_COUNT / servers.masters(),
                        (SlotHash.SLOT_COUNT - 1) / servers.masters() + 1)));
    awaitAsserted(() -> assertThat(statefulSets()).isEqualTo(servers.masters()));
    // What servers delete in the background, and what expires, takes a moment.
    awaitAsserted(() -> assertThat(samples.problems(servers)).isEmpty());
    Subject.Reading reading = subject.read(++rounds, damage);
    assertThat(reading.problems()).isEmpty();
    assertThat(killed ? reading.lostWithReplicas() : reading.lost()).isZero();
    assertThat(reading.withReplicas()).isPositive();
    System.out.printf(
        "scale: %s has %d masters; %d writes acknowledged, %d with WAIT, %d lost, longest stall %d"
            + " ms%n",
        redis.name(),
        servers.masters(),
        reading.writes(),
        reading.withReplicas(),
        reading.lost(),
        subject.longestStall().toMillis());
  }

  private long statefulSets() {
    return redis
        .space()
        .client()
        .apps()
        .statefulSets()
        .inNamespace(redis.space().name())
        .withLabels(Labels.selector(redis.name()))
        .list()
        .getItems()
        .size();
  }

  /** All of it was done: whatever was kept is as it was, and the Redis can go. */
  public void finish() {
    assertThat(subject.readAll()).isEmpty();
    close();
    redis.delete();
  }

  @Override
  public void close() {
    subject.close();
    watch.close();
    network.close();
  }
}
