package io.slotkeeper.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slotkeeper.api.Mode;
import io.slotkeeper.e2e.OnCluster;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Faults at random, to several Redis at once, while clients write: docs/reliability.md. A short run
 * here; a longer one, or the same one again, with {@code -Dchaos.rounds=200 -Dchaos.seed=…}.
 */
@OnCluster
class ChaosTest {
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 25);
  private static final int SENTINELS = 3;
  private static final long SEED = Long.getLong("chaos.seed", 1);

  /** Those that take part. */
  private static final List<String> NAMES =
      List.of(
          System.getProperty("chaos.redises", "durable,ephemeral,standalone,watched").split(","));

  private final Space space;

  ChaosTest(Space space) {
    this.space = space;
  }

  /**
   * A Redis of the run.
   *
   * @param masters more than one only of a cluster
   * @param replicas per master
   */
  private record Kind(
      String name, String version, boolean durable, Mode mode, int masters, int replicas) {
    String spec() {
      String servers =
          switch (mode) {
            case Cluster -> "cluster: {master: %d, replicas: %d}".formatted(masters, replicas);
            case Standalone -> "standalone: {replicas: %d}".formatted(replicas);
            case Sentinel ->
                "sentinel: {replicas: %d, sentinels: %d}".formatted(replicas, SENTINELS);
          };
      return "{version: \"%s\", storageType: %s, mode: %s, %s}"
          .formatted(version, durable ? "Durable" : "Ephemeral", mode, servers);
    }

    Servers servers(TestRedis redis, ClusterNetwork network, Addresses addresses) {
      return switch (mode) {
        case Cluster -> ClusterServers.of(redis, masters, replicas, network, addresses);
        case Standalone -> PrimaryAndReplicas.of(redis, replicas, network, addresses);
        case Sentinel ->
            new ServersAndSentinels(
                PrimaryAndReplicas.of(redis, replicas, network, addresses), SENTINELS);
      };
    }
  }

  private static final List<Kind> ALL =
      List.of(
          new Kind("durable", "7.0", true, Mode.Cluster, 3, 1),
          new Kind("ephemeral", "valkey-9.1", false, Mode.Cluster, 3, 1),
          new Kind("triple", "8.6", true, Mode.Cluster, 3, 2),
          new Kind("standalone", "8.6", true, Mode.Standalone, 1, 2),
          new Kind("pair", "7.0", true, Mode.Standalone, 1, 1),
          new Kind("cache", "valkey-9.1", false, Mode.Standalone, 1, 1),
          new Kind("watched", "valkey-9.1", true, Mode.Sentinel, 1, 1),
          new Kind("observed", "7.0", true, Mode.Sentinel, 1, 2));

  @Test
  void healsAndLosesNothingThatItPromisedToKeep() throws InterruptedException {
    Optional<LocalCluster> cluster = LocalCluster.of(space.cluster());
    assumeTrue(cluster.isPresent(), "needs a cluster of dev/cluster/cluster: its nodes are hurt");
    List<Kind> kinds = ALL.stream().filter(kind -> NAMES.contains(kind.name())).toList();
    List<TestRedis> all =
        kinds.stream().map(kind -> space.create(kind.name(), kind.spec())).toList();
    all.forEach(TestRedis::awaitRunning);
    List<Subject> subjects = new ArrayList<>();
    try (var network = ClusterNetwork.enter(cluster.get().network());
        var watch = space.client().pods().inNamespace(space.name()).inform()) {
      for (int i = 0; i < kinds.size(); i++) {
        Kind kind = kinds.get(i);
        var addresses = new Addresses(watch, kind.name());
        subjects.add(
            new Subject(all.get(i), kind.durable(), kind.servers(all.get(i), network, addresses)));
      }
      assertThat(new Chaos(space, cluster.get(), subjects, SEED).run(ROUNDS)).isEmpty();
    } finally {
      subjects.forEach(Subject::close);
    }
  }
}
