package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users take back, and what others change: nothing is stuck, and nothing is fought over. */
@OnCluster
class SecondThoughtsTest {
  private static final String STORAGE = "storage: {resources: {requests: {storage: %s}}}";

  private final Space space;

  SecondThoughtsTest(Space space) {
    this.space = space;
  }

  @Test
  void aSizeThatTheClassCannotGiveIsTakenBack() {
    StorageClass fixed =
        space
            .client()
            .resource(
                new StorageClassBuilder(
                        space.client().storage().v1().storageClasses().list().getItems().getFirst())
                    .withNewMetadata()
                    .withName(space.name() + "-fixed")
                    .endMetadata()
                    .withAllowVolumeExpansion(false)
                    .build())
            .create();
    TestRedis redis =
        space
            .create(
                "fixed",
                "{cluster: {master: 1}, storage: {storageClassName: %s}}"
                    .formatted(fixed.getMetadata().getName()))
            .awaitRunning();

    redis.patch(STORAGE.formatted("10Ti"));
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.ObjectRefused);
    assertThat(isReady(redis)).isTrue();
    redis.patch(STORAGE.formatted("64Mi"));
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);

    redis.delete();
    space.client().resource(fixed).delete();
  }

  @Test
  void aVolumeThatSomethingElseHasGrownIsLeftAlone() {
    TestRedis redis = space.create("grown", "{cluster: {master: 1}}").awaitRunning();
    space
        .kubectl(
            "patch",
            "pvc",
            "data-grown-shard0-0",
            "-p",
            "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"128Mi\"}}}}")
        .orFail();

    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.VolumesLarger);
    String before = claim("data-grown-shard0-0").getMetadata().getResourceVersion();
    redis.patch("config: {maxmemory-policy: allkeys-lru}");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).run("config", "get", "maxmemory-policy"))
            .contains("allkeys-lru"));
    assertThat(claim("data-grown-shard0-0").getMetadata().getResourceVersion()).isEqualTo(before);
    assertThat(isReady(redis)).isTrue();

    redis.patch(STORAGE.formatted("128Mi"));
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.delete();
  }

  /** Another Secret is another password, and a server that starts meanwhile accepts both. */
  @Test
  void serversTakeUpThePasswordOfAnotherSecret() {
    TestRedis redis = space.create("rotated", "{cluster: {replicas: 1}}").awaitRunning();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> redis.patch("auth: {disabled: true}"))
        .withMessageContaining("spec.auth.disabled cannot be changed while servers run");

    create("other-password");
    redis.patch("auth: {secretRef: {name: other-password}}");

    String login = "REDISCLI_AUTH=another-password redis-cli ping";
    awaitAsserted(() -> assertThat(redis.cli(0, 0).exec("sh", "-c", login)).isEqualTo("PONG"));
    String master = redis.master(0);
    space.client().pods().inNamespace(space.name()).withName(master).withGracePeriod(0).delete();
    awaitAsserted(() -> assertThat(redis.master(0)).isNotEqualTo(master));
    awaitAsserted(() -> assertThat(isReady(redis)).isTrue());
    assertThat(redis.cli(0, 0).exec("sh", "-c", login)).isEqualTo("PONG");

    redis.patch("auth: {secretRef: null}");
    redis.awaitRunning().assertSound(3, 1);
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.delete();
  }

  @Test
  void theScaleSubresourceSelectsTheMastersAlsoAfterAFailover() {
    TestRedis redis = space.create("counted", "{cluster: {replicas: 1}}").awaitRunning();
    awaitAsserted(() -> assertThat(counted(redis)).containsExactlyElementsOf(masters(redis)));

    String master = redis.master(1);
    space.client().pods().inNamespace(space.name()).withName(master).delete();

    awaitAsserted(() -> assertThat(redis.master(1)).isNotEqualTo(master));
    awaitAsserted(() -> assertThat(counted(redis)).containsExactlyElementsOf(masters(redis)));
    redis.delete();
  }

  private static List<String> masters(TestRedis redis) {
    return List.of(redis.master(0), redis.master(1), redis.master(2));
  }

  /** The pods that an autoscaler looks at. */
  private List<String> counted(TestRedis redis) {
    return space
        .client()
        .pods()
        .inNamespace(space.name())
        .withLabelSelector(redis.status().orElseThrow().selector())
        .list()
        .getItems()
        .stream()
        .map(Pod::getMetadata)
        .map(meta -> meta.getName())
        .sorted()
        .toList();
  }

  private static boolean isReady(TestRedis redis) {
    List<Condition> conditions = redis.status().orElseThrow().conditions();
    return Conditions.isTrue(conditions, ConditionType.Ready);
  }

  private PersistentVolumeClaim claim(String name) {
    return space
        .client()
        .persistentVolumeClaims()
        .inNamespace(space.name())
        .withName(name)
        .require();
  }

  private void create(String secret) {
    Secret created =
        new SecretBuilder()
            .withNewMetadata()
            .withName(secret)
            .endMetadata()
            .addToStringData("password", "another-password")
            .build();
    space.client().resource(created).inNamespace(space.name()).create();
  }
}
