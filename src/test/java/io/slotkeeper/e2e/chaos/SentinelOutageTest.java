package io.slotkeeper.e2e.chaos;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static io.slotkeeper.e2e.chaos.Outages.assertLost;
import static io.slotkeeper.e2e.chaos.Outages.assertNothingLost;
import static io.slotkeeper.e2e.chaos.Outages.awaitSound;
import static io.slotkeeper.e2e.chaos.Outages.isMaster;
import static io.slotkeeper.e2e.chaos.Outages.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.e2e.OnCluster;
import io.slotkeeper.e2e.Space;
import org.junit.jupiter.api.Test;

/** Sentinels act where no operator does: there is none, or it does not know enough. */
@OnCluster
class SentinelOutageTest {
  private static final int REPLICAS = 2;

  private final Space space;
  private final Outages outages;

  SentinelOutageTest(Space space) {
    this.space = space;
    outages = new Outages(space);
  }

  private void with(String name, Outages.Outage outage) {
    outages.with(
        space.create(
            name, "{version: valkey-9.1, mode: Sentinel, sentinel: {replicas: " + REPLICAS + "}}"),
        (redis, network, addresses) ->
            new ServersAndSentinels(PrimaryAndReplicas.of(redis, REPLICAS, network, addresses), 3),
        outage);
  }

  /** The Sentinels learn of it by the stop script, or they would elect, perhaps another one. */
  @Test
  void aPrimaryThatIsDeletedWithoutAnOperatorHandsOverAndTheSentinelsName() {
    with(
        "deleted",
        (redis, subject, primary) -> {
          outages.withoutOperator(() -> {
            space.kubectl("delete", "pod", name(primary)).orFail();
            assertThat(subject.servers().entries())
                .as("kubectl returns when the pod is gone")
                .singleElement()
                .isNotEqualTo(primary.getStatus().getPodIP());
            subject.awaitWrites();
          });

          awaitSound(subject);
          assertThat(redis.master(0)).isNotEqualTo(name(primary));
          assertNothingLost(subject);
        });
  }

  @Test
  void aPrimaryThatIsKilledWithoutAnOperatorIsReplacedByAnElection() {
    with(
        "killed",
        (redis, subject, primary) -> {
          var damage = new Damage();
          outages.withoutOperator(() -> {
            damage.hit(name(primary), 0, true);
            LocalCluster.kill(primary, Havoc.SERVERS);
            awaitReplaced(subject, primary.getStatus().getPodIP());
            subject.awaitWrites();
          });

          awaitSound(subject);
          assertThat(redis.master(0)).isNotEqualTo(name(primary));
          assertLost(subject, damage);
        });
  }

  /** The operator alone would wait for proof of its death. */
  @Test
  void aPrimaryOnANodeThatIsCutOffIsReplacedByAnElection() {
    with(
        "cut",
        (redis, subject, primary) -> {
          var damage = new Damage();
          damage.hit(name(primary), 0, true);
          String node = primary.getSpec().getNodeName();
          outages.cluster().node("node-cut", node);
          try {
            awaitReplaced(subject, primary.getStatus().getPodIP());
            awaitAsserted(() -> assertThat(redis.master(0)).isNotEqualTo(name(primary)));
            subject.awaitWrites();
            assertThat(redis.endpoints("cut")).doesNotContain(name(primary));
          } finally {
            outages.cluster().node("node-heal", node);
          }
          damage.hit(name(primary), 0, true);

          awaitSound(subject);
          assertThat(isMaster(subject, name(primary))).isFalse();
          assertLost(subject, damage);
        });
  }

  private static void awaitReplaced(Subject subject, String former) {
    awaitAsserted(
        () -> assertThat(subject.servers().entries()).singleElement().isNotEqualTo(former));
  }
}
