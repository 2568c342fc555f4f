package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.slotkeeper.api.Engine;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.RedisVersionSpec;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only shows when it runs: the status says what it is and what to do, an event, too, and once
 * that is done, the resource goes on by itself.
 */
@OnCluster
class BadInputTest {
  private static final String ONE = "cluster: {master: 1}";

  private final Space space;

  BadInputTest(Space space) {
    this.space = space;
  }

  @Test
  void unknownVersion() {
    // Its name is unique, for it belongs to no namespace.
    String version = space.name();
    TestRedis redis = space.create("version", "{version: %s, %s}".formatted(version, ONE));

    assertTells(redis, Reason.VersionNotFound, version, "kubectl get redisversions");

    RedisVersion created = create(version(version, "local/redis:7.0"));
    redis.awaitRunning().assertSound(1, 0);
    redis.delete();
    space.client().resource(created).delete();
  }

  @Test
  void missingSecret() {
    TestRedis redis =
        space.create("secret", "{%s, auth: {secretRef: {name: later-secret}}}".formatted(ONE));

    assertTells(redis, Reason.SecretNotFound, "later-secret", "Create it");

    create(
        new SecretBuilder()
            .withNewMetadata()
            .withName("later-secret")
            .endMetadata()
            .addToStringData("password", "abcdefgh")
            .build());
    redis.awaitRunning().assertSound(1, 0);
  }

  @Test
  void missingConfigMap() {
    TestRedis redis =
        space.create("config", "{%s, configSource: {configMap: {name: later-map}}}".formatted(ONE));

    assertTells(redis, Reason.ConfigMapNotFound, "later-map", "redis.conf");

    create(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("later-map")
            .endMetadata()
            .addToData("redis.conf", "maxmemory-policy allkeys-lru\n")
            .build());
    redis.awaitRunning().assertSound(1, 0);
    assertThat(redis.cli(0, 0).run("config", "get", "maxmemory-policy")).endsWith("allkeys-lru");
  }

  @Test
  void missingStorageClass() {
    String name = space.name() + "-class";
    TestRedis redis =
        space.create(
            "storage",
            """
            cluster: {master: 1}
            storage: {storageClassName: %s, resources: {requests: {storage: 64Mi}}}
            """
                .formatted(name));

    assertTells(redis, Reason.PodUnschedulable, "storage-shard0-0");

    StorageClass standard =
        space.client().storage().v1().storageClasses().withName("standard").get();
    StorageClass created =
        create(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withProvisioner(standard.getProvisioner())
                .withReclaimPolicy(standard.getReclaimPolicy())
                .withVolumeBindingMode(standard.getVolumeBindingMode())
                .build());
    redis.awaitRunning().assertSound(1, 0);
    redis.delete();
    space.client().resource(created).delete();
  }

  @Test
  void imageThatCannotBePulled() {
    String version = space.name() + "-image";
    RedisVersion created = create(version(version, "local/nothing:1"));
    TestRedis redis = space.create("image", "{version: %s, %s}".formatted(version, ONE));

    assertTells(redis, Reason.ImageNotPulled, "local/nothing:1");

    space
        .kubectl(
            "patch",
            "rdversion",
            version,
            "--type=merge",
            "-p",
            "{\"spec\":{\"image\":\"local/redis:7.0\"}}")
        .orFail();
    redis.awaitRunning().assertSound(1, 0);
    redis.delete();
    space.client().resource(created).delete();
  }

  @Test
  void podsThatNoNodeTakes() {
    TestRedis redis =
        space.create(
            "nowhere", "{%s, podTemplate: {spec: {nodeSelector: {no: where}}}}".formatted(ONE));

    assertTells(redis, Reason.PodUnschedulable, "nowhere-shard0-0", "affinity/selector");

    redis.patch("podTemplate: {spec: {nodeSelector: null}}");
    redis.awaitRunning().assertSound(1, 0);
  }

  @Test
  void settingThatTheServerDoesNotTake() {
    TestRedis redis = space.create("setting", "{%s, config: {maxmemory: plenty}}".formatted(ONE));

    assertTells(redis, Reason.ServerCrashing, "setting-shard0-0", "logs --previous");

    redis.patch("config: {maxmemory: 64mb}");
    redis.awaitRunning().assertSound(1, 0);
  }

  @Test
  void typoInAFieldIsNamed(@TempDir Path directory) throws IOException {
    String text = Files.readString(Path.of("examples/cluster/redis.yaml"));
    Path file = directory.resolve("typo.yaml");
    Files.writeString(
        file,
        text.replace("namespace: demo", "namespace: " + space.name())
            .replace("replicas:", "replica:"));

    var result = space.kubectl("apply", "-f", file.toString());

    assertThat(result.succeeded()).isFalse();
    assertThat(result.output()).contains("unknown field \"spec.cluster.replica\"");
  }

  private static void assertTells(TestRedis redis, Reason reason, String... words) {
    redis.awaitCondition(ConditionType.Ready, false, reason);
    awaitAsserted(() -> {
      assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage()).contains(words);
      assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Failed);
      assertThat(redis.events(reason.name()))
          .as("event")
          .hasSize(1)
          .first()
          .asString()
          .contains(words);
    });
  }

  private <T extends HasMetadata> T create(T object) {
    var resource = space.client().resource(object);
    return object instanceof Namespaced
        ? resource.inNamespace(space.name()).create()
        : resource.create();
  }

  private static RedisVersion version(String name, String image) {
    RedisVersion version = new RedisVersion();
    version.getMetadata().setName(name);
    version.setSpec(new RedisVersionSpec(Engine.Redis, "7.0.15", image, false));
    return version;
  }
}
