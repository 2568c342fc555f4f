package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Phase;
import io.slotkeeper.e2e.chaos.ServiceClients;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import org.junit.jupiter.api.Test;

/** Growing, shrinking, stopping and deleting a Standalone: its data stays. */
@OnCluster
class StandaloneLifecycleTest {
  private static final int KEYS = 100;

  private final Space space;

  StandaloneLifecycleTest(Space space) {
    this.space = space;
  }

  private TestRedis create(String name, int replicas, String more) {
    TestRedis redis =
        space.create(
            name, "{mode: Standalone, standalone: {replicas: %d}%s}".formatted(replicas, more));
    new StandaloneServers(redis).awaitSound(replicas);
    return redis;
  }

  /** The newest data is in the pod with the highest ordinal, which is the first to go. */
  private StandaloneServers lead(TestRedis redis, String pod) {
    var servers = new StandaloneServers(redis);
    if (!servers.primary().equals(pod)) {
      servers.killPrimary();
    }
    return servers.awaitPrimary(pod).awaitSound(1);
  }

  /** Those that are stopping would be seen by the next of that name. */
  private void delete(TestRedis redis) {
    redis.delete();
    space
        .kubectl("wait", "--for=delete", "pods", "-l", "slotkeeper.io/redis=" + redis.name())
        .orFail();
  }

  @Test
  void replicasComeAndGoWhileClientsWrite() {
    TestRedis redis = create("scaled", 1, "");
    var servers = new StandaloneServers(redis);
    try (var clients = new ServiceClients(redis)) {
      redis.patch("standalone: {replicas: 2}");
      servers.awaitSound(2);
      clients.awaitWrites().assertNothingLost();

      redis.patch("standalone: {replicas: 0}");
      servers.awaitSound(0);
      clients.awaitWrites().assertNothingLost();
    }
    redis.delete();
  }

  @Test
  void aPrimaryOnAPodThatGoesHandsOver() {
    TestRedis redis = create("leaving", 1, "");
    var servers = lead(redis, "leaving-shard0-1");
    try (var clients = new ServiceClients(redis)) {
      redis.patch("standalone: {replicas: 0}");

      servers.awaitPrimary("leaving-shard0-0").awaitSound(0);
      clients.awaitWrites().assertNothingLost();
      // It follows the deed.
      awaitAsserted(() -> assertThat(redis.events("HandOverStarted")).isNotEmpty());
    }
    redis.delete();
  }

  @Test
  void haltedKeepsTheDataAndGoesOn() {
    TestRedis redis = create("halted", 1, "");
    var servers = lead(redis, "halted-shard0-1");
    redis.fill(KEYS);

    redis.patch("halted: true");
    redis.awaitCondition(ConditionType.Ready, false, Reason.Halted);
    awaitAsserted(() -> {
      assertThat(redis.pods()).isEmpty();
      assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Halted);
    });
    assertThat(redis.claims()).hasSize(2);

    redis.patch("halted: false");
    servers.awaitSound(1);
    redis.assertFilled(KEYS, servers.cli());
    redis.delete();
  }

  /** The newest data is on the volume of the pod that is not wanted any more. */
  @Test
  void resumedWithoutReplicasTheLastPrimaryHandsOverBeforeItGoes() {
    TestRedis redis = create("resumed", 1, "");
    var servers = lead(redis, "resumed-shard0-1");
    redis.fill(KEYS);
    redis.patch("halted: true");
    awaitAsserted(() -> assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Halted));

    redis.patch("{halted: false, standalone: {replicas: 0}}");

    servers.awaitSound(0);
    redis.assertFilled(KEYS, servers.cli());
    redis.delete();
  }

  /** Its status is empty: which claim has the newest data is only known from the claims. */
  @Test
  void pauseKeepsTheNewestDataForTheNextOfThatName() {
    String pause = ", terminationPolicy: Pause";
    TestRedis redis = create("paused", 1, pause);
    lead(redis, "paused-shard0-1").cli().run("set", "key", "newest");
    delete(redis);
    assertThat(redis.claims()).hasSize(2);

    create("paused", 1, pause);

    var servers = new StandaloneServers(redis);
    assertThat(servers.primary()).isEqualTo("paused-shard0-1");
    assertThat(servers.cli().run("get", "key")).isEqualTo("newest");
    redis.patch("terminationPolicy: WipeOut").delete();
  }

  @Test
  void madeAgainWithoutTheReplicaThatHasTheNewestDataNothingElseIsServed() {
    String pause = ", terminationPolicy: Pause";
    TestRedis redis = create("fewer", 1, pause);
    lead(redis, "fewer-shard0-1").cli().run("set", "key", "newest");
    delete(redis);

    redis.create("{mode: Standalone, standalone: {replicas: 0}" + pause + "}");
    redis.awaitCondition(ConditionType.Ready, false, Reason.ClaimWithoutPod);
    assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage())
        .contains("data-fewer-shard0-1", "standalone.replicas");
    assertThat(redis.endpoints("fewer")).isEmpty();

    redis.patch("standalone: {replicas: 1}");
    var servers = new StandaloneServers(redis).awaitSound(1);
    assertThat(servers.cli().run("get", "key")).isEqualTo("newest");
    redis.patch("terminationPolicy: WipeOut").delete();
  }
}
