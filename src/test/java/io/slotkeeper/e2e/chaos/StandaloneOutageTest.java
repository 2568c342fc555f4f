package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.OnCluster;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.status.ConditionType;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A primary that is silent, and may still run, is not replaced; one that is dead is, be it late.
 */
@OnCluster
class StandaloneOutageTest {
  private static final String TAINT = "node.kubernetes.io/out-of-service";

  private final Space space;
  private final Optional<LocalCluster> cluster;

  StandaloneOutageTest(Space space) {
    this.space = space;
    cluster = LocalCluster.of(space.cluster());
    assumeTrue(cluster.isPresent(), "needs a cluster of dev/cluster/cluster: its nodes are hurt");
  }

  /** A primary with a replica, on different nodes, and what clients write to it. */
  private interface Outage {
    void of(TestRedis redis, Subject subject, Pod primary);
  }

  private void with(String name, Outage outage) {
    TestRedis redis = space.create(name, "{mode: Standalone, standalone: {replicas: 1}}");
    redis.awaitRunning();
    try (var network = ClusterNetwork.enter(cluster.orElseThrow().network());
        var watch = space.client().pods().inNamespace(space.name()).inform();
        var subject =
            new Subject(
                redis,
                true,
                PrimaryAndReplicas.of(redis, 1, network, new Addresses(watch, name)))) {
      awaitSound(subject);
      outage.of(redis, subject, space.pod(redis.master(0)));
    }
    redis.delete();
  }

  private static void awaitSound(Subject subject) {
    awaitAsserted(() -> assertThat(subject.problems()).isEmpty());
    subject.awaitWrites();
  }

  private static void assertLost(Subject subject, Damage damage) {
    Subject.Reading reading = subject.read(1, damage);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.lostWithReplicas()).isZero();
    assertThat(reading.withReplicas()).isPositive();
  }

  private static void assertNothingLost(Subject subject) {
    assertLost(subject, new Damage());
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private static String other(TestRedis redis, Pod pod) {
    return redis.pod(0, name(pod).endsWith("-0") ? 1 : 0);
  }

  private static boolean isMaster(Subject subject, String pod) {
    return subject.servers().isMaster(Objects.requireNonNull(subject.pod(pod)));
  }

  @Test
  void aPrimaryOnANodeThatIsCutOffStaysPrimary() {
    with(
        "cut",
        (redis, subject, primary) -> {
          String node = primary.getSpec().getNodeName();
          cluster.orElseThrow().node("node-cut", node);
          try {
            awaitNodeNotReady(redis, node);
            awaitAsserted(() -> assertThat(redis.endpoints("cut")).isEmpty());
            assertThat(isMaster(subject, other(redis, primary))).isFalse();
          } finally {
            cluster.orElseThrow().node("node-heal", node);
          }

          awaitSound(subject);
          assertThat(redis.master(0)).isEqualTo(name(primary));
          assertThat(redis.events("FailoverStarted")).isEmpty();
          assertNothingLost(subject);
        });
  }

  @Test
  void aPrimaryOnANodeThatIsDeclaredOffIsReplaced() {
    with(
        "off",
        (redis, subject, primary) -> {
          String node = primary.getSpec().getNodeName();
          var damage = new Damage();
          damage.hit(name(primary), 0, true);
          cluster.orElseThrow().node("node-stop", node);
          try {
            awaitNodeNotReady(redis, node);
            assertThat(isMaster(subject, other(redis, primary))).isFalse();

            space.kubectl("taint", "node", node, TAINT + "=nodeshutdown:NoExecute").orFail();

            awaitAsserted(() -> assertThat(redis.master(0)).isEqualTo(other(redis, primary)));
            subject.awaitWrites();
          } finally {
            space.kubectl("taint", "node", node, TAINT + "-");
            cluster.orElseThrow().node("node-start", node);
          }

          awaitSound(subject);
          assertThat(redis.master(0)).isEqualTo(other(redis, primary));
          assertLost(subject, damage);
        });
  }

  private static void awaitNodeNotReady(TestRedis redis, String node) {
    awaitAsserted(() ->
        assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage())
            .contains(node + " is not Ready", TAINT));
  }

  @Test
  void aFrozenPrimaryStaysPrimary() {
    with(
        "frozen",
        (redis, subject, primary) -> {
          LocalCluster.signal("STOP", primary, Havoc.SERVERS);
          try {
            awaitAsserted(() ->
                assertThat(redis.condition(ConditionType.Ready).orElseThrow().getStatus())
                    .isEqualTo("False"));
            awaitAsserted(() -> assertThat(redis.endpoints("frozen")).isEmpty());
            assertThat(isMaster(subject, other(redis, primary))).isFalse();
          } finally {
            LocalCluster.signal("CONT", primary, Havoc.SERVERS);
          }

          awaitSound(subject);
          assertThat(redis.master(0)).isEqualTo(name(primary));
          assertThat(redis.events("FailoverStarted")).isEmpty();
          assertNothingLost(subject);
        });
  }

  /** Its server starts again, and takes no writes: the operator alone decides. */
  @Test
  void aPrimaryThatIsKilledWithoutAnOperatorWaitsForOne() {
    with(
        "killed",
        (redis, subject, primary) -> {
          var damage = new Damage();
          withoutOperator(() -> {
            damage.hit(name(primary), 0, true);
            LocalCluster.kill(primary, Havoc.SERVERS);
            awaitAsserted(() -> assertThat(redis.cli(0, 0).run("ping")).isEqualTo("PONG"));
            awaitAsserted(() -> assertThat(redis.cli(0, 1).run("ping")).isEqualTo("PONG"));
            assertThat(isMaster(subject, name(primary))).isFalse();
            assertThat(isMaster(subject, other(redis, primary))).isFalse();
          });

          awaitSound(subject);
          assertLost(subject, damage);
        });
  }

  @Test
  void aPrimaryThatIsDeletedWithoutAnOperatorHandsOver() {
    with(
        "deleted",
        (redis, subject, primary) -> {
          withoutOperator(() -> {
            space.kubectl("delete", "pod", name(primary)).orFail();
            awaitAsserted(() -> assertThat(isMaster(subject, other(redis, primary))).isTrue());
          });

          awaitSound(subject);
          assertThat(redis.master(0)).isEqualTo(other(redis, primary));
          assertNothingLost(subject);
        });
  }

  private void withoutOperator(Runnable what) {
    var operators = new Operators(space.operator());
    operators.leave();
    try {
      what.run();
    } finally {
      operators.comeBack();
    }
  }
}
