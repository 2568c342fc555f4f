package io.slotkeeper.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two clusters whose pods take over each other's addresses stay two clusters. */
@OnCluster
class NeighboursTest {
  private static final int KEYS = 200;

  private final Space space;

  NeighboursTest(Space space) {
    this.space = space;
  }

  @Test
  void neverBecomeOne() {
    List<TestRedis> both =
        List.of(
            space.create("left", "{cluster: {replicas: 1}}"),
            space.create("right", "{cluster: {replicas: 1}}"));
    both.forEach(redis -> redis.awaitRunning().assertSound(3, 1).fill(KEYS));

    List<Pod> pods = both.stream().flatMap(redis -> redis.pods().stream()).toList();
    space.client().resourceList(pods).withGracePeriod(0).delete();
    Space.awaitAsserted(() -> {
      Stream<Pod> now = both.stream().flatMap(redis -> redis.pods().stream());
      org.assertj.core.api.Assertions.assertThat(now.map(pod -> pod.getMetadata().getUid()))
          .hasSize(12)
          .doesNotContainAnyElementsOf(
              pods.stream().map(pod -> pod.getMetadata().getUid()).toList());
    });

    for (TestRedis redis : both) {
      // The status may be of before the deletion. Sound: its servers know its own pods alone.
      Space.awaitAsserted(() -> redis.awaitRunning().assertSound(3, 1));
      redis.assertFilled(KEYS, redis.cli(2, 1));
    }
  }
}
