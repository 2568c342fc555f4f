package io.slotkeeper.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
  private static final long SEED = Long.getLong("chaos.seed", 1);

  /** Those that take part. */
  private static final List<String> NAMES =
      List.of(System.getProperty("chaos.redises", "durable,ephemeral,standalone").split(","));

  private final Space space;

  ChaosTest(Space space) {
    this.space = space;
  }

  /**
   * A Redis of the run.
   *
   * @param masters 0 for a Standalone
   * @param replicas per master, or of the Standalone
   */
  private record Kind(String name, String version, boolean durable, int masters, int replicas) {
    String spec() {
      String servers =
          masters > 0
              ? "cluster: {master: %d, replicas: %d}".formatted(masters, replicas)
              : "mode: Standalone, standalone: {replicas: %d}".formatted(replicas);
      return "{version: \"%s\", storageType: %s, %s}"
          .formatted(version, durable ? "Durable" : "Ephemeral", servers);
    }

    Servers servers(TestRedis redis, ClusterNetwork network, Addresses addresses) {
      return masters > 0
          ? ClusterServers.of(redis, masters, replicas, network, addresses)
          : PrimaryAndReplicas.of(redis, replicas, network, addresses);
    }
  }

  private static final List<Kind> ALL =
      List.of(
          new Kind("durable", "7.0", true, 3, 1),
          new Kind("ephemeral", "valkey-9.1", false, 3, 1),
          new Kind("triple", "8.6", true, 3, 2),
          new Kind("standalone", "8.6", true, 0, 2),
          new Kind("pair", "7.0", true, 0, 1),
          new Kind("cache", "valkey-9.1", false, 0, 1));

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
