package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.Phase;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Data and passwords that are not those expected: nothing is touched until the user decides. */
@OnCluster
class StrangersTest {
  private final Space space;

  StrangersTest(Space space) {
    this.space = space;
  }

  @Test
  void volumeWithDataOfAnotherCluster() {
    String volume = volumeOfAnother();

    TestRedis redis = space.create("heir", "{}");
    redis.awaitCondition(ConditionType.Ready, false, Reason.ForeignNode);
    assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Failed);
    assertThat(redis.condition(ConditionType.Degraded).orElseThrow().getMessage())
        .contains("Pod heir-shard0-0", "delete the claim data-heir-shard0-0 and then the pod");
    awaitAsserted(() -> assertThat(redis.events("ForeignNode")).hasSize(1));
    awaitAsserted(() -> assertThat(redis.status().orElseThrow().readyPods()).isEqualTo("3/3"));
    // A master serves two seconds after its start, at the earliest.
    awaitAsserted(() -> assertThat(redis.cli(0, 0).run("get", "treasure")).isEqualTo("gold"));
    assertThat(redis.cli(0, 0).nodes()).as("introduced to no other server").hasSize(1);
    assertThat(redis.cli(1, 0).nodes()).hasSize(1);

    // The user does what the message says.
    space.kubectl("delete", "pvc", "data-heir-shard0-0", "--wait=false").orFail();
    space.kubectl("delete", "pod", "heir-shard0-0").orFail();
    redis.awaitRunning().assertSound(3, 0);
    redis.delete();
    space.kubectl("delete", "pv", volume, "--wait=false").orFail();
  }

  /** A volume with a key of another, deleted Redis, claimed for the first pod of Redis "heir". */
  private String volumeOfAnother() {
    TestRedis other = space.create("testator", "{cluster: {master: 1}, terminationPolicy: Pause}");
    other.awaitRunning();
    assertThat(other.cli(0, 0).run("set", "treasure", "gold")).isEqualTo("OK");
    String claim = "data-" + other.pod(0, 0);
    String volume =
        space.kubectl("get", "pvc", claim, "-o", "jsonpath={.spec.volumeName}").orFail();
    // As an administrator moves a volume from one claim to another.
    space
        .kubectl(
            "patch",
            "pv",
            volume,
            "--type=merge",
            "-p",
            "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}")
        .orFail();
    other.delete();
    space.kubectl("delete", "pvc", claim).orFail();
    space
        .kubectl("patch", "pv", volume, "--type=merge", "-p", "{\"spec\":{\"claimRef\":null}}")
        .orFail();
    space
        .client()
        .resource(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-heir-shard0-0")
                .addToLabels(Labels.of("heir", 0))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName("standard")
                .withVolumeName(volume)
                .withNewResources()
                .addToRequests(Map.of("storage", new Quantity("64Mi")))
                .endResources()
                .endSpec()
                .build())
        .inNamespace(space.name())
        .create();
    return volume;
  }

  /** Twice within a moment. */
  @Test
  void passwordThatIsChangedAndChangedBack() {
    TestRedis redis = space.create("locked", "{cluster: {replicas: 1}}").awaitRunning();
    redis.fill(50);
    String password = password(redis);
    String login = "REDISCLI_AUTH=%s redis-cli ping";

    setPassword(redis, "another");
    setPassword(redis, "yet-another");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).exec("sh", "-c", login.formatted("yet-another")))
            .isEqualTo("PONG"));
    setPassword(redis, password);

    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).exec("sh", "-c", login.formatted(password))).isEqualTo("PONG"));
    redis.awaitRunning().assertSound(3, 1);
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.assertFilled(50, redis.cli(0, 0));
  }

  private String password(TestRedis redis) {
    String data =
        space
            .kubectl("get", "secret", redis.name() + "-auth", "-o", "jsonpath={.data.password}")
            .orFail();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private void setPassword(TestRedis redis, String password) {
    space
        .client()
        .secrets()
        .inNamespace(space.name())
        .withName(redis.name() + "-auth")
        .edit(secret -> {
          secret
              .getData()
              .put(
                  "password",
                  Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
          return secret;
        });
  }
}
