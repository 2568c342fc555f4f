package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
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
        assertThat(redis.claims())
            .hasSize(6)
            .extracting(ChangesTest::capacity)
            .containsOnly("128Mi"));
    redis.awaitRunning();
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(uids(redis)).as("no pod was touched for that").isEqualTo(before);

    redis.patch("config: {tcp-backlog: '600'}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.RestartNeeded);
    redis.patch("config: {tcp-backlog: null}");
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

  @Test
  void aValueThatNoServerTakesChangesNothing() {
    TestRedis redis = space.create("refused", "{cluster: {replicas: 1}}").awaitRunning();

    redis.patch("config: {maxmemory: 512Mi}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.SettingRefused);
    assertThat(redis.status().orElseThrow().conditions())
        .filteredOn(condition -> Reason.SettingRefused.name().equals(condition.getReason()))
        .extracting(Condition::getMessage)
        .allSatisfy(message ->
            assertThat(message)
                .contains("argument must be a memory value")
                .doesNotContainIgnoringCase("delete"));
    // A pod that restarts comes back.
    space.client().pods().inNamespace(space.name()).withName("refused-shard0-1").delete();
    awaitAsserted(() -> assertThat(redis.pods()).hasSize(6));
    redis.awaitRunning();

    redis.patch("config: {maxmemory: 512mb}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(redis.cli(0, 1).run("config", "get", "maxmemory")).endsWith("536870912");
    redis.delete();
  }

  @Test
  void whatWasSetByHandIsTakenBackAndWhatWasSetLiveSurvivesACrash() {
    TestRedis redis =
        space
            .create(
                "crashed",
                """
                cluster: {master: 1}
                config: {hash-max-listpack-entries: '128', maxmemory-policy: allkeys-lru}
                """)
            .awaitRunning();

    redis.patch("config: {hash-max-listpack-entries: '99'}");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).run("config", "get", "hash-max-listpack-entries"))
            .endsWith("99"));
    // Of this process the operator knows what it has given it; of one that is new it does not.
    redis.cli(0, 0).run("config", "set", "maxmemory-policy", "noeviction");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).run("config", "get", "maxmemory-policy"))
            .endsWith("allkeys-lru"));
    awaitAsserted(
        () -> // it follows the deed
        assertThat(redis.events("SettingRestored")).isNotEmpty());

    redis.cli(0, 0).run("debug", "segfault");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).run("config", "get", "hash-max-ziplist-entries"))
            .endsWith("99"));
    redis.delete();
  }

  private static String capacity(PersistentVolumeClaim claim) {
    return String.valueOf(claim.getStatus().getCapacity().get("storage"));
  }
}
