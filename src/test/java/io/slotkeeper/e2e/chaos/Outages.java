package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import java.util.Objects;
import java.util.Optional;

/** What tests of lost primaries share: clients that write, and what they have lost. */
final class Outages {
  private final Space space;
  private final LocalCluster cluster;

  Outages(Space space) {
    this.space = space;
    Optional<LocalCluster> found = LocalCluster.of(space.cluster());
    assumeTrue(found.isPresent(), "needs a cluster of dev/cluster/cluster: its nodes are hurt");
    cluster = found.get();
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** What happens to a primary while clients write. */
  interface Outage {
    void of(TestRedis redis, Subject subject, Pod primary);
  }

  /** The servers of a Redis. */
  interface Kind {
    Servers of(TestRedis redis, ClusterNetwork network, Addresses addresses);
  }

  void with(TestRedis redis, Kind kind, Outage outage) {
    redis.awaitRunning();
    try (var network = ClusterNetwork.enter(cluster.network());
        var watch = space.client().pods().inNamespace(space.name()).inform();
        var subject =
            new Subject(redis, true, kind.of(redis, network, new Addresses(watch, redis.name())))) {
      awaitSound(subject);
      outage.of(redis, subject, space.pod(redis.master(0)));
    }
    redis.delete();
  }

  static void awaitSound(Subject subject) {
    awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
    subject.awaitWrites();
  }

  static void assertLost(Subject subject, Damage damage) {
    Subject.Reading reading = subject.read(1, damage);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.lostWithReplicas()).isZero();
    assertThat(reading.withReplicas()).isPositive();
  }

  static void assertNothingLost(Subject subject) {
    assertLost(subject, new Damage());
  }

  static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  static boolean isMaster(Subject subject, String pod) {
    return subject.servers().isMaster(Objects.requireNonNull(subject.pod(pod)));
  }

  void withoutOperator(Runnable what) {
    var operators = new Operators(space.operator());
    operators.leave();
    try {
      what.run();
    } finally {
      operators.comeBack();
    }
  }
}
