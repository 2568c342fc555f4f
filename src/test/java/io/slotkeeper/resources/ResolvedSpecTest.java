package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResolvedSpecTest {
  private static final RedisVersion VERSION =
      Serialization.unmarshal(
          "spec: {engine: Redis, version: 7.0.15, image: 'redis:7.0.15'}", RedisVersion.class);

  @Test
  void specWinsOverConfigMapAndThatOverDefaults() {
    ResolvedSpec redis =
        ResolvedSpec.of(
            redis(
                "config: {hz: '20', cluster-node-timeout: '3000'}, configSource: {configMap: {name: c}}"),
            VERSION,
            "hz 30\nshutdown-timeout 20\n");

    assertThat(redis.config())
        .containsEntry("hz", "20")
        .containsEntry("shutdown-timeout", "20")
        .containsEntry("repl-diskless-sync-delay", "0");
    assertThat(redis.nodeTimeoutMillis()).hasValue(3000);
  }

  @Test
  void aMissingConfigMapIsAnError() {
    assertThatThrownBy(
            () -> ResolvedSpec.of(redis("configSource: {configMap: {name: c}}"), VERSION, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "ConfigMap c does not exist or has no key redis.conf: create it, or remove configSource");
  }

  @Test
  void whatTheSchemaWouldRefuseIsRefusedHereToo() {
    assertThatThrownBy(() -> ResolvedSpec.of(redis("config: {requirepass: x}"), VERSION, null))
        .hasMessageContaining("spec.config must not set requirepass");
  }

  @Test
  void theNodeTimeoutIsANumber() {
    assertThatThrownBy(
            () -> ResolvedSpec.of(redis("config: {cluster-node-timeout: 5s}"), VERSION, null))
        .hasMessage("cluster-node-timeout must be a number of milliseconds, 100 or more, not 5s");
  }

  /**
   * Of three servers, each has connections to the two others, and operator and probes need some.
   */
  @Test
  void aServerMustHaveRoomForTheOperator() {
    assertThatThrownBy(() -> blueprint("config: {maxclients: '37'}"))
        .hasMessageStartingWith("maxclients must be 38 or more, not 37: each of the 3 servers");
    assertThat(blueprint("config: {maxclients: '38'}").config()).containsEntry("maxclients", "38");
    // What is no number is for a server to refuse.
    assertThat(blueprint("config: {maxclients: many}").config()).containsKey("maxclients");
  }

  @Test
  void aReplicaHasOneConnectionToItsPrimary() {
    assertThatThrownBy(() -> standalone("standalone: {replicas: 2}, config: {maxclients: '34'}"))
        .hasMessageStartingWith("maxclients must be 35 or more, not 34: each of the 3 servers");
    assertThat(standalone("standalone: {replicas: 2}, config: {maxclients: '35'}").config())
        .containsEntry("maxclients", "35");
  }

  @Test
  void aServerWithoutClusterHasNoSettingsOfOne() {
    ResolvedSpec redis = standalone("config: {hz: '20'}");

    assertThat(redis.config().keySet()).noneMatch(name -> name.startsWith("cluster-"));
    assertThat(redis.nodeTimeoutMillis()).isEmpty();
    assertThat(redis.shards()).isEqualTo(1);
  }

  @Test
  void aServerWithoutClusterHasItsDatabases() {
    assertThat(standalone("config: {databases: '3'}").liveSettings())
        .containsEntry("databases", "3");
  }

  /** What a replica takes by itself is lost when it synchronizes the next time. */
  @Test
  void noReplicaTakesWrites() {
    assertThat(standalone("config: {slave-read-only: '\"YES\"'}").config())
        .containsEntry("replica-read-only", "yes");
    assertThatThrownBy(() -> standalone("config: {slave-read-only: 'no'}"))
        .hasMessage("replica-read-only must be yes in this mode, not no: remove it");
    assertThat(blueprint("config: {replica-read-only: 'no'}").config())
        .containsEntry("replica-read-only", "no");
  }

  private static ResolvedSpec standalone(String spec) {
    return ResolvedSpec.of(
        Serialization.unmarshal(
            "metadata: {name: r, namespace: n, uid: u}\nspec: {version: v, mode: Standalone,"
                + " storageType: Ephemeral, "
                + spec
                + "}",
            Redis.class),
        VERSION,
        null);
  }

  @Test
  void whatNoServerIsAskedAboutIsChecked() {
    assertThatThrownBy(() -> blueprint("config: {appendonly: 'on'}"))
        .hasMessage("appendonly must be yes or no, not on");
    assertThatThrownBy(() -> blueprint("config: {databases: '0'}"))
        .hasMessage("databases must be a number, 1 or more, not 0");
    // Redis 8 has one in a cluster: no restart would change that.
    assertThat(blueprint("config: {databases: '3'}").liveSettings()).doesNotContainKey("databases");
    assertThatThrownBy(() -> blueprint("config: {save: '900'}"))
        .hasMessage("save must be pairs of seconds and changes, or \"\", not 900");
    assertThat(blueprint("config: {save: '', appendonly: '\"YES\"'}").config())
        .containsEntry("save", "\"\"");
    assertThat(blueprint("config: {save: \"'900 1'\"}").config()).containsEntry("save", "900 1");
  }

  @Test
  void aSmallMemoryLimitLeavesRoomBesideTheBacklog() {
    ResolvedSpec redis =
        ResolvedSpec.of(
            redis("podTemplate: {spec: {resources: {limits: {memory: 64Mi}}}}"), VERSION, null);

    assertThat(redis.config())
        .containsEntry("maxmemory", Long.toString(48 << 20))
        .containsEntry("repl-backlog-size", Long.toString(8 << 20));
  }

  @Test
  void thePasswordIsInASecretUnlessThereIsNone() {
    assertThat(ResolvedSpec.authSecretOf(redis("halted: false")))
        .hasValue(new ResolvedSpec.AuthSecretRef("r-auth", true));
    assertThat(ResolvedSpec.authSecretOf(redis("auth: {secretRef: {name: mine}}")))
        .hasValue(new ResolvedSpec.AuthSecretRef("mine", false));
    assertThat(ResolvedSpec.authSecretOf(redis("auth: {disabled: true}"))).isEmpty();
  }

  @Test
  void deletionTakesWhatThePolicySays() {
    // docs/adr/0003-no-finalizer.md: the garbage collector carries it out.
    assertThat(
            Map.of(
                "DoNotTerminate",
                goes("DoNotTerminate"),
                "Pause",
                goes("Pause"),
                "Delete",
                goes("Delete"),
                "WipeOut",
                goes("WipeOut")))
        .containsOnly(
            entry("DoNotTerminate", "volumes stay, Secret stays"),
            entry("Pause", "volumes stay, Secret stays"),
            entry("Delete", "volumes go, Secret stays"),
            entry("WipeOut", "volumes go, Secret goes"));
  }

  private static String goes(String policy) {
    ResolvedSpec redis = ResolvedSpec.of(redis("terminationPolicy: " + policy), VERSION, null);
    var retention =
        ShardStatefulSet.of(redis, 0).getSpec().getPersistentVolumeClaimRetentionPolicy();
    assertThat(retention.getWhenScaled()).isEqualTo("Retain");
    assertThat(retention.getWhenDeleted()).isEqualTo("Retain");
    assertThat(VolumeClaim.of(redis, "data-r-shard0-0").getMetadata().getOwnerReferences())
        .as("a claim is applied without its owner, which is a patch of its own")
        .isEmpty();
    return "volumes %s, Secret %s"
        .formatted(
            redis.terminationPolicy().deletesVolumes() ? "go" : "stay",
            AuthSecret.of(redis, "x", "").getMetadata().getOwnerReferences().isEmpty()
                ? "stays"
                : "goes");
  }

  @Test
  void passwordsDiffer() {
    PasswordGenerator generator = new PasswordGenerator();
    assertThat(generator.generate()).matches("[A-Za-z0-9]{32}").isNotEqualTo(generator.generate());
  }

  /** Of a Redis with these fields besides the required ones, as YAML. */
  static ResolvedSpec blueprint(String spec) {
    return ResolvedSpec.of(redis(spec), VERSION, null);
  }

  /**
   * The variable is there only with the field: pods must not restart because the operator is new.
   */
  @Test
  void theStopScriptIsGivenTheGraceOfThePod() {
    PodSpec standard = pod("config: {}");
    PodSpec longer = pod("podTemplate: {spec: {terminationGracePeriodSeconds: 900}}");

    assertThat(standard.getTerminationGracePeriodSeconds()).isEqualTo(120);
    assertThat(standard.getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .doesNotContain("SLOTKEEPER_GRACE_SECONDS");
    assertThat(longer.getTerminationGracePeriodSeconds()).isEqualTo(900);
    assertThat(longer.getContainers().getFirst().getEnv())
        .contains(new EnvVar("SLOTKEEPER_GRACE_SECONDS", "900", null));
  }

  private static PodSpec pod(String spec) {
    return ShardStatefulSet.of(blueprint(spec), 0).getSpec().getTemplate().getSpec();
  }

  private static Redis redis(String spec) {
    return Serialization.unmarshal(
        "metadata: {name: r, namespace: n, uid: u}\nspec: {version: v, mode: Cluster,"
            + " cluster: {master: 3}, storageType: Ephemeral, "
            + spec
            + "}",
        Redis.class);
  }
}
