package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static io.slotkeeper.e2e.chaos.Outages.assertLost;
import static io.slotkeeper.e2e.chaos.Outages.assertNothingLost;
import static io.slotkeeper.e2e.chaos.Outages.awaitSound;
import static io.slotkeeper.e2e.chaos.Outages.isMaster;
import static io.slotkeeper.e2e.chaos.Outages.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.OnCluster;
import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.TestRedis;
import io.slotkeeper.reasons.ConditionType;
import org.junit.jupiter.api.Test;

/**
 * A primary that is silent, and may still run, is not replaced; one that is dead is, be it late.
 */
@OnCluster
class StandaloneOutageTest {
  private static final String TAINT = "node.kubernetes.io/out-of-service";

  private final Space space;
  private final Outages outages;

  StandaloneOutageTest(Space space) {
    this.space = space;
    outages = new Outages(space);
  }

  private void with(String name, Outages.Outage outage) {
    outages.with(
        space.create(name, "{mode: Standalone, standalone: {replicas: 1}}"),
        (redis, network, addresses) -> PrimaryAndReplicas.of(redis, 1, network, addresses),
        outage);
  }

  private static String other(TestRedis redis, Pod pod) {
    return redis.pod(0, name(pod).endsWith("-0") ? 1 : 0);
  }

  @Test
  void aPrimaryOnANodeThatIsCutOffStaysPrimary() {
    with(
        "cut",
        (redis, subject, primary) -> {
          String node = primary.getSpec().getNodeName();
          outages.cluster().node("node-cut", node);
          try {
            awaitNodeNotReady(redis, node);
            awaitAsserted(() -> assertThat(redis.endpoints("cut")).isEmpty());
            assertThat(isMaster(subject, other(redis, primary))).isFalse();
          } finally {
            outages.cluster().node("node-heal", node);
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
          outages.cluster().node("node-stop", node);
          try {
            awaitNodeNotReady(redis, node);
            assertThat(isMaster(subject, other(redis, primary))).isFalse();

            space.kubectl("taint", "node", node, TAINT + "=nodeshutdown:NoExecute").orFail();

            awaitAsserted(() -> assertThat(redis.master(0)).isEqualTo(other(redis, primary)));
            subject.awaitWrites();
          } finally {
            space.kubectl("taint", "node", node, TAINT + "-");
            outages.cluster().node("node-start", node);
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
          outages.withoutOperator(() -> {
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
          outages.withoutOperator(() -> {
            space.kubectl("delete", "pod", name(primary)).orFail();
            awaitAsserted(() -> assertThat(isMaster(subject, other(redis, primary))).isTrue());
          });

          awaitSound(subject);
          assertThat(redis.master(0)).isEqualTo(other(redis, primary));
          assertNothingLost(subject);
        });
  }
}
