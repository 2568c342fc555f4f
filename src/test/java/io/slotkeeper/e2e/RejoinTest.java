package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pods go, and come back at other addresses: nothing is lost, and the user has nothing to do. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RejoinTest {
  private static final int KEYS = 300;

  private final Space space;
  private final TestRedis redis;

  RejoinTest(Space space) {
    this.space = space;
    this.redis = new TestRedis(space, "rejoin");
  }

  @BeforeAll
  void formAndFill() {
    redis.create("{cluster: {replicas: 1}}").awaitRunning();
    redis.fill(KEYS);
  }

  @AfterEach
  void everythingIsThere() {
    redis.awaitRunning().assertSound(3, 1);
    for (int shard = 0; shard < 3; shard++) {
      redis.assertFilled(KEYS, redis.cli(shard, 0));
    }
  }

  @Test
  void aReplica() {
    replace(List.of(replica(0)), false);
  }

  @Test
  void aMasterWhoseReplicaTakesOver() {
    String successor = replica(1);

    replace(List.of(redis.master(1)), false);

    awaitAsserted(() -> assertThat(redis.master(1)).isEqualTo(successor));
  }

  @Test
  void twoMastersAndAReplicaAtOnce() {
    replace(List.of(redis.master(0), replica(1), redis.master(2)), true);
  }

  @Test
  void allPodsAtOnce() {
    int before = redis.events("NotReady").size();

    replace(redis.podNames(), true);

    redis.awaitRunning();
    assertThat(redis.events("NotReady"))
        .as("it did not claim to be ready")
        .hasSizeGreaterThan(before);
  }

  @Test
  void aReplicaWithoutItsVolume() {
    String lost = replica(2);
    String id = space.cli(lost).self().id();
    space
        .client()
        .persistentVolumeClaims()
        .inNamespace(space.name())
        .withName("data-" + lost)
        .delete();

    replace(List.of(lost), false);

    redis.awaitRunning();
    assertThat(space.cli(lost).self().id()).isNotEqualTo(id);
    for (String pod : redis.podNames()) {
      assertThat(space.cli(pod).nodes()).as(pod).extracting(RedisCli.Node::id).doesNotContain(id);
    }
  }

  private String replica(int shard) {
    return redis.status().orElseThrow().shards().get(shard).replicas().getFirst();
  }

  /** Deletes pods, and waits until others of the same names are there, at other addresses. */
  private void replace(List<String> pods, boolean byForce) {
    Map<String, String> before =
        redis.pods().stream()
            .filter(pod -> pods.contains(pod.getMetadata().getName()))
            .collect(Collectors.toMap(RejoinTest::uid, pod -> pod.getStatus().getPodIP()));
    for (String pod : pods) {
      var resource = space.client().pods().inNamespace(space.name()).withName(pod);
      if (byForce) {
        resource.withGracePeriod(0).delete();
      } else {
        resource.delete();
      }
    }
    awaitAsserted(() -> {
      Set<String> now = redis.pods().stream().map(RejoinTest::uid).collect(Collectors.toSet());
      assertThat(now).hasSize(6).doesNotContainAnyElementsOf(before.keySet());
      assertThat(redis.pods())
          .filteredOn(pod -> pods.contains(pod.getMetadata().getName()))
          .extracting(pod -> pod.getStatus().getPodIP())
          .doesNotContainNull()
          .doesNotContainAnyElementsOf(before.values());
    });
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
