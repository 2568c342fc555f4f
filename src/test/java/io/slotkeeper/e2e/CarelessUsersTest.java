package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.api.Engine;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.RedisVersionSpec;
import io.slotkeeper.api.TerminationPolicy;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import org.junit.jupiter.api.Test;

/**
 * What users ask for, run or delete without thinking: no data is lost by it, the status says what
 * it is, and to follow that is safe.
 */
@OnCluster
class CarelessUsersTest {
  private static final int KEYS = 50;

  private final Space space;

  CarelessUsersTest(Space space) {
    this.space = space;
  }

  @Test
  void appendonlyIsChangedWhileHalted() {
    TestRedis redis =
        space
            .create("stored", "{cluster: {master: 1}, config: {appendonly: 'yes', save: ''}}")
            .awaitRunning();
    redis.cli(0, 0).run("set", "{k}a", "in the AOF");

    halt(redis);
    redis.patch("{halted: false, config: {appendonly: 'no', save: 3600 1}}").awaitRunning();
    assertThat(redis.cli(0, 0).run("get", "{k}a")).isEqualTo("in the AOF");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(redis.cli(0, 0).run("config", "get", "appendonly")).endsWith("no");
    redis.cli(0, 0).run("set", "{k}a", "in the dump");
    redis.cli(0, 0).run("set", "{k}b", "in the dump");

    halt(redis);
    redis.patch("{halted: false, config: {appendonly: 'yes', save: ''}}").awaitRunning();
    assertThat(redis.cli(0, 0).run("mget", "{k}a", "{k}b")).isEqualTo("in the dump\nin the dump");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(redis.cli(0, 0).run("config", "get", "appendonly")).endsWith("yes");
    redis.delete();
  }

  private static void halt(TestRedis redis) {
    redis.patch("halted: true");
    awaitAsserted(() -> assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Halted));
    assertThat(redis.pods()).as("what is said to be halted").isEmpty();
  }

  @Test
  void pauseHoldsWhereTheConfigMapIsMissing() {
    space.kubectl("create", "cm", "settings", "--from-literal=redis.conf=").orFail();
    TestRedis redis =
        space
            .create("kept", "{cluster: {master: 1}, configSource: {configMap: {name: settings}}}")
            .awaitRunning();
    redis.cli(0, 0).run("set", "a", "kept");
    space.kubectl("delete", "cm", "settings").orFail();
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.ConfigMapNotFound);
    assertThat(condition(redis, ConditionType.Ready)).isEqualTo("True");

    redis.patch("terminationPolicy: Pause");
    awaitAsserted(() ->
        assertThat(redis.status().orElseThrow().terminationPolicy())
            .isEqualTo(TerminationPolicy.Pause));
    redis.delete();

    assertThat(redis.claims())
        .singleElement()
        .satisfies(claim -> {
          assertThat(claim.getMetadata().getDeletionTimestamp()).isNull();
          assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
        });
    redis.create("{cluster: {master: 1}}").awaitRunning();
    assertThat(redis.cli(0, 0).run("get", "a")).isEqualTo("kept");
    redis.delete();
    awaitAsserted(() -> assertThat(redis.claims()).isEmpty());
  }

  @Test
  void anImageThatDoesNotExistIsTakenBack() {
    String version = space.name() + "-tags";
    RedisVersion created = new RedisVersion();
    created.getMetadata().setName(version);
    created.setSpec(new RedisVersionSpec(Engine.Redis, "7.0.15", "local/nothing:1", false));
    space.client().resource(created).create();
    TestRedis redis = space.create("tags", "{cluster: {master: 1, replicas: 1}}").awaitRunning();
    redis.fill(KEYS);
    String master = redis.master(0);
    String uid = space.pod(master).getMetadata().getUid();

    redis.patch("version: " + version);
    redis.awaitCondition(ConditionType.Degraded, true, Reason.ImageNotPulled);
    assertThat(redis.condition(ConditionType.Degraded).orElseThrow().getMessage())
        .contains("local/nothing:1");
    redis.assertFilled(KEYS, space.cli(master));

    redis.patch("version: '7.0'").awaitRunning().assertSound(1, 1);
    assertThat(space.pod(master).getMetadata().getUid()).as("the master").isEqualTo(uid);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.delete();
    space.client().resource(created).delete();
  }

  @Test
  void aClaimIsDeletedWhileItsPodRuns() {
    TestRedis redis = space.create("claimed", "{cluster: {master: 1}}").awaitRunning();
    redis.fill(KEYS);
    Pod before = space.pod(redis.pod(0, 0));
    space.kubectl("delete", "pvc", "data-claimed-shard0-0", "--wait=false").orFail();

    redis.awaitCondition(ConditionType.Degraded, true, Reason.ClaimTerminating);
    assertThat(redis.condition(ConditionType.Degraded).orElseThrow().getMessage())
        .contains("data-claimed-shard0-0", "Raise spec.cluster.replicas by one");
    redis.patch("podTemplate: {metadata: {annotations: {team: blue}}}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.UpdateHeld);
    assertThat(space.pod(redis.pod(0, 0)).getMetadata().getUid())
        .as("the pod that holds the claim")
        .isEqualTo(before.getMetadata().getUid());

    // The user does what the message says.
    redis.patch("cluster: {replicas: 1}");
    awaitAsserted(() ->
        assertThat(redis.claims())
            .hasSize(2)
            .extracting(PersistentVolumeClaim::getMetadata)
            .allMatch(claim -> claim.getDeletionTimestamp() == null));
    redis.awaitRunning().assertSound(1, 1);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.delete();
  }

  @Test
  void aScriptThatDoesNotEnd() {
    TestRedis redis = space.create("scripted", "{cluster: {master: 1, replicas: 1}}");
    redis.awaitRunning().fill(KEYS);
    String master = redis.master(0);
    space
        .cli(master)
        .exec("sh", "-c", "redis-cli eval 'while true do end' 0 >/dev/null 2>&1 & sleep 1");

    redis.awaitCondition(ConditionType.Degraded, true, Reason.ServerBusy);
    assertThat(redis.status().orElseThrow().conditions())
        .extracting(c -> String.valueOf(c.getMessage()))
        .anyMatch(message -> message.contains("redis-cli script kill"))
        .noneMatch(message -> message.contains("password"))
        .noneMatch(message -> message.contains("delete"));

    // The user does what the message says.
    space.cli(master).run("script", "kill");
    redis.awaitRunning().assertSound(1, 1);
    assertThat(redis.master(0)).isEqualTo(master);
    assertThat(redis.pods())
        .flatExtracting(pod -> pod.getStatus().getContainerStatuses())
        .extracting(ContainerStatus::getRestartCount)
        .containsOnly(0);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.delete();
  }

  @Test
  void connectionsLeak() {
    TestRedis redis =
        space.create("leaky", "{cluster: {master: 1}, config: {maxclients: '60'}}").awaitRunning();
    redis.cli(0, 0).run("set", "a", "there");
    String uid = space.pod(redis.pod(0, 0)).getMetadata().getUid();
    // A client that gives its connection back does not get it again.
    redis
        .cli(0, 0)
        .exec(
            "sh",
            "-c",
            "for i in $(seq 66); do while [ ! -e /data/enough ]; do redis-cli subscribe leak; sleep 0.3;"
                + " done >/dev/null 2>&1 & done; sleep 2");
    // The operator keeps its own.
    space.operator().kill(space.operator().leader());

    redis.awaitCondition(ConditionType.Degraded, true, Reason.MaxClientsReached);
    assertThat(redis.status().orElseThrow().conditions())
        .extracting(c -> String.valueOf(c.getMessage()))
        .anyMatch(message -> message.contains("raise maxclients in spec.config"))
        .noneMatch(message -> message.contains("password"))
        .noneMatch(message -> message.contains("delete"));
    assertThat(space.pod(redis.pod(0, 0)).getMetadata().getUid()).isEqualTo(uid);

    redis
        .cli(0, 0)
        .exec(
            "sh",
            "-c",
            "touch /data/enough; for p in /proc/[0-9]*; do"
                + " case $(tr '\\0' ' ' <$p/cmdline) in /*'/redis-cli subscribe'*) kill ${p#/proc/} ;; esac;"
                + " done 2>/dev/null; true");
    redis.awaitRunning();
    assertThat(redis.cli(0, 0).run("get", "a")).isEqualTo("there");
    redis.delete();
  }

  /** As one does in the night: without it the server would evict, or refuse writes. */
  @Test
  void memoryThatWasGivenByHandIsNotTakenBackWhileItIsInUse() {
    TestRedis redis =
        space
            .create(
                "memory",
                "{cluster: {master: 1}, config: {maxmemory: 8mb, maxmemory-policy: allkeys-lru}}")
            .awaitRunning();
    redis
        .cli(0, 0)
        .exec(
            "sh",
            "-c",
            "printf 'multi\\nconfig set maxmemory 64mb\\ndebug populate 20000 k 500\\nexec\\n'"
                + " | redis-cli");
    assertThat(redis.cli(0, 0).run("dbsize")).isEqualTo("20000");

    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.SettingKept);
    assertThat(redis.cli(0, 0).run("dbsize")).isEqualTo("20000");

    redis.patch("config: {maxmemory: 64mb}");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(redis.cli(0, 0).run("dbsize")).isEqualTo("20000");
    redis.delete();
  }

  private static String condition(TestRedis redis, ConditionType type) {
    return redis.condition(type).orElseThrow().getStatus();
  }
}
