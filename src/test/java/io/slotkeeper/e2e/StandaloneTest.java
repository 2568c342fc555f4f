package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary, with replicas and without: what is there, and what it takes of a changed spec. */
@OnCluster
class StandaloneTest {
  private static final int KEYS = 100;

  private final Space space;

  StandaloneTest(Space space) {
    this.space = space;
  }

  @Test
  void aPrimaryAloneServesBothServices() {
    TestRedis redis = space.create("single", "{mode: Standalone}");

    new StandaloneServers(redis).awaitSound(0);

    assertThat(through(redis, "single", "set", "hello", "world")).isEqualTo("OK");
    assertThat(through(redis, "single-replicas", "get", "hello")).isEqualTo("world");
    assertThat(space.kubectl("get", "rd").orFail().lines().toList().getLast().split(" +"))
        .startsWith("single", "Standalone", "7.0", "1", "1/1", "Running");
    assertThat(space.kubectl("describe", "rd", "single").orFail())
        .contains(
            "Pod single-shard0-0 is primary and takes writes.",
            "spec.standalone.replicas is 0.",
            "A primary has been chosen.",
            "Service single-replicas")
        .doesNotContainIgnoringCase("cluster formed", "slots are")
        .doesNotContain("Warning ");
    assertThat(redis.cli(0, 0).run("cluster", "info")).contains("cluster support disabled");
    redis.delete();
  }

  @Test
  void replicasServeReadsAndRefuseWrites() {
    TestRedis redis = space.create("replicated", "{mode: Standalone, standalone: {replicas: 2}}");
    var servers = new StandaloneServers(redis).awaitSound(2);

    assertThat(through(redis, "replicated", "set", "hello", "world")).isEqualTo("OK");
    assertThat(servers.cli().run("wait", "2", "5000")).isEqualTo("2");
    assertThat(through(redis, "replicated-replicas", "get", "hello")).isEqualTo("world");
    assertThat(through(redis, "replicated-replicas", "set", "hello", "you")).startsWith("READONLY");
    assertThat(redis.events("Initialized")).hasSize(1);
    redis.delete();
  }

  @Test
  void changedSettingsReachWhatRuns() {
    TestRedis redis = space.create("changed", "{mode: Standalone, standalone: {replicas: 1}}");
    new StandaloneServers(redis).awaitSound(1);
    List<String> before = uids(redis);

    redis.patch("config: {maxmemory-policy: allkeys-lru, min-replicas-to-write: '1'}");

    awaitAsserted(() -> {
      for (String pod : redis.podNames()) {
        assertThat(space.cli(pod).run("config", "get", "maxmemory-policy")).endsWith("allkeys-lru");
        assertThat(space.cli(pod).run("config", "get", "min-replicas-to-write")).endsWith("1");
      }
    });
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    assertThat(uids(redis)).as("no pod was touched for that").isEqualTo(before);
    redis.delete();
  }

  @Test
  void takesThePasswordOfTheUser() {
    space
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("brought")
                .endMetadata()
                .addToStringData("password", "p@ss w\"ord'\\ $(id) #ü")
                .build())
        .inNamespace(space.name())
        .create();
    TestRedis redis =
        space.create(
            "own",
            "{mode: Standalone, standalone: {replicas: 1}, auth: {secretRef: {name: brought}}}");

    new StandaloneServers(redis).awaitSound(1);

    assertThat(redis.cli(0, 0).exec("sh", "-c", "REDISCLI_AUTH= redis-cli ping"))
        .startsWith("NOAUTH");
    assertThat(through(redis, "own", "ping")).isEqualTo("PONG");
    assertThat(space.kubectl("get", "secret", "own-auth").succeeded()).isFalse();
    redis.delete();
  }

  @Test
  void withoutVolumesReplicasKeepTheData() {
    TestRedis redis =
        space.create(
            "cache",
            """
            version: valkey-9.1
            mode: Standalone
            standalone: {replicas: 1}
            storageType: Ephemeral
            config: {appendonly: 'no', save: ''}
            """);
    var servers = new StandaloneServers(redis).awaitSound(1);
    servers.cli().run("set", "key", "value");
    assertThat(redis.claims()).isEmpty();

    String former = servers.killPrimary();

    servers.awaitPrimary(redis.pod(0, former.endsWith("-0") ? 1 : 0)).awaitSound(1);
    assertThat(space.cli(former).run("get", "key")).isEqualTo("value");
    assertThat(redis.condition(ConditionType.DataLost).orElseThrow().getStatus())
        .isEqualTo("False");
    redis.delete();
  }

  @Test
  void withoutVolumesAndReplicasALossIsReportedAndTheCacheServesAgain() {
    TestRedis redis =
        space.create(
            "lonely",
            """
            mode: Standalone
            storageType: Ephemeral
            config: {appendonly: 'no', save: ''}
            """);
    var servers = new StandaloneServers(redis).awaitSound(0);
    redis.awaitCondition(ConditionType.ConfigurationWarning, true, Reason.NoCopies);
    redis.fill(KEYS);
    // The operator has seen that there are keys.
    awaitAsserted(
        () -> assertThat(redis.status().orElseThrow().shards().getFirst().holdsKeys()).isTrue());

    servers.killPrimary();

    redis.awaitCondition(ConditionType.DataLost, true, Reason.DataLost);
    servers.awaitSound(0);
    assertThat(through(redis, "lonely", "set", "key", "value")).isEqualTo("OK");
    redis.delete();
  }

  private String through(TestRedis redis, String service, String... command) {
    String[] words = new String[command.length + 2];
    words[0] = "-h";
    words[1] = service;
    System.arraycopy(command, 0, words, 2, command.length);
    return redis.cli(0, 0).run(words);
  }

  private List<String> uids(TestRedis redis) {
    return redis.pods().stream().map((Pod pod) -> pod.getMetadata().getUid()).toList();
  }
}
