package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

/** The operator itself goes away: what it had begun is finished by the next one. */
@OnCluster
class OperatorLossTest {
  private final Space space;

  OperatorLossTest(Space space) {
    this.space = space;
  }

  @Test
  void rightAfterTheResourceCame() {
    TestRedis redis = space.create("early", "{cluster: {replicas: 1}}");

    killAll();

    redis.awaitRunning().assertSound(3, 1);
  }

  @Test
  void whileTheClusterIsFormed() {
    TestRedis redis = space.create("middle", "{cluster: {replicas: 1}}");
    awaitAsserted(() ->
        assertThat(redis.status())
            .hasValueSatisfying(status -> assertThat(status.members()).isNotEmpty()));

    killAll();

    redis.awaitRunning().assertSound(3, 1);
  }

  @Test
  void inOrderSoThatTheNextOneLeads() {
    String before = space.operator().leader();
    assertThat(before).isNotEmpty();

    space.client().pods().inNamespace(InstalledOperator.NAMESPACE).withName(before).delete();
    TestRedis redis = space.create("late", "{cluster: {master: 1}}");

    redis.awaitRunning().assertSound(1, 0);
    assertThat(space.operator().leader()).isNotEmpty().isNotEqualTo(before);
  }

  private void killAll() {
    for (Pod pod : space.operator().pods()) {
      space.operator().kill(pod.getMetadata().getName());
    }
  }
}
