package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.status.ConditionType;
import io.slotkeeper.status.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches a running cluster of a changed spec, and how. */
@OnCluster
class ChangesTest {
  private static final int KEYS = 100;

  private final Space space;

  ChangesTest(Space space) {
    this.space = space;
  }

  private List<String> uids(TestRedis redis) {
    return redis.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  @Test
  void reachWhatRunsAsFarAsTheyCan() {
    TestRedis redis = space.create("changed", "{cluster: {replicas: 1}}").awaitRunning();
    redis.fill(KEYS);
    List<String> before = uids(redis);

    redis.patch("config: {maxmemory-policy: allkeys-lru}");
    awaitAsserted(() -> {
      for (Pod pod : redis.pods()) {
        assertThat(space.cli(pod.getMetadata().getName()).run("config", "get", "maxmemory-policy"))
            .contains("allkeys-lru");
      }
    });
    redis.patch("storage: {resources: {requests: {storage: 128Mi}}}");
    awaitAsserted(() ->
        assertThat(
                space.client().persistentVolumeClaims().inNamespace(space.name()).list().getItems())
            .hasSize(6)
            .extracting(ChangesTest::capacity)
            .containsOnly("128Mi"));
    redis.awaitRunning();
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(uids(redis)).as("no pod was touched for that").isEqualTo(before);

    redis.patch("config: {databases: '17'}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.RestartNeeded);
    redis.patch("config: {databases: null}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);

    redis.patch("podTemplate: {metadata: {annotations: {team: blue}}}");
    awaitAsserted(() ->
        assertThat(redis.pods())
            .hasSize(6)
            .allSatisfy(pod ->
                assertThat(pod.getMetadata().getAnnotations()).containsEntry("team", "blue")));
    redis.awaitRunning().assertSound(3, 1);
    redis.assertFilled(KEYS, redis.cli(1, 0));
    assertThat(uids(redis)).doesNotContainAnyElementsOf(before);
    assertThat(redis.events("Updating")).isNotEmpty();
    redis.delete();
  }

  private static String capacity(PersistentVolumeClaim claim) {
    return String.valueOf(claim.getStatus().getCapacity().get("storage"));
  }
}
