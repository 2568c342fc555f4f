package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.OnCluster;
import io.slotkeeper.e2e.Space;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node is taken out of service under the eyes of clients: they lose nothing. */
@OnCluster
class DrainTest {
  private final Space space;

  DrainTest(Space space) {
    this.space = space;
  }

  @Test
  void losesNoAcknowledgedWrite() {
    Optional<LocalCluster> cluster = LocalCluster.of(space.cluster());
    assumeTrue(cluster.isPresent(), "the clients are in the network of dev/cluster/cluster");
    var redis = space.create("drained", "{cluster: {replicas: 1}}").awaitRunning();
    try (var network = ClusterNetwork.enter(cluster.get().network());
        var watch = space.client().pods().inNamespace(space.name()).inform();
        var subject =
            new Subject(
                redis,
                true,
                ClusterServers.of(redis, 3, 1, network, new Addresses(watch, "drained")))) {
      awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
      String node = homeOfMostMasters(subject);
      subject.longestStall();

      new Nodes(cluster.get(), space, List.of(subject)).drain(node);

      awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
      var stall = subject.longestStall();
      Subject.Reading reading = subject.read(1, new Damage());
      assertThat(reading.problems()).isEmpty();
      assertThat(reading.lost()).isZero();
      assertThat(reading.writes()).isPositive();
      System.out.printf(
          "drain: %d writes acknowledged, longest stall %d ms%n",
          reading.writes(), stall.toMillis());
    }
  }

  private static String homeOfMostMasters(Subject subject) {
    List<String> homes =
        subject.pods().stream()
            .filter(subject.servers()::isMaster)
            .map((Pod pod) -> pod.getSpec().getNodeName())
            .toList();
    return Collections.max(
        homes, java.util.Comparator.comparingInt(home -> Collections.frequency(homes, home)));
  }
}
