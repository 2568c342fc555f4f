package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Phase;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import org.junit.jupiter.api.Test;

/** Stopping, deleting, and what stays of a Redis. */
@OnCluster
class LifecycleTest {
  private static final int KEYS = 100;

  private final Space space;

  LifecycleTest(Space space) {
    this.space = space;
  }

  @Test
  void haltedKeepsTheDataAndGoesOn() {
    TestRedis redis = space.create("halted", "{cluster: {replicas: 1}}").awaitRunning();
    redis.fill(KEYS);

    redis.patch("halted: true");
    redis.awaitCondition(ConditionType.Ready, false, Reason.Halted);
    awaitAsserted(() -> {
      assertThat(redis.pods()).isEmpty();
      assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Halted);
      assertThat(redis.status().orElseThrow().readyPods()).isEqualTo("0/0");
    });
    assertThat(left("pvc")).hasLineCount(6);

    redis.patch("halted: false").awaitRunning().assertSound(3, 1);
    redis.assertFilled(KEYS, redis.cli(0, 1));
    redis.delete();
  }

  /** The data of the last pod would wait on its volume, with no pod to bring it. */
  @Test
  void resumedWithFewerReplicasTheLastPodHandsOverBeforeItGoes() {
    TestRedis redis = space.create("fewer", "{cluster: {master: 1, replicas: 1}}").awaitRunning();
    redis.cli(0, 1).run("cluster", "failover");
    awaitAsserted(() ->
        assertThat(redis.status().orElseThrow().shards().getFirst().master())
            .isEqualTo("fewer-shard0-1"));
    redis.awaitRunning().cli(0, 1).run("set", "key", "value");
    redis.patch("halted: true");
    awaitAsserted(() -> assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Halted));

    redis.patch("{halted: false, cluster: {replicas: 0}}").awaitRunning().assertSound(1, 0);

    assertThat(redis.cli(0, 0).run("get", "key")).isEqualTo("value");
    redis.delete();
  }

  @Test
  void aDeletionThatAFinalizerHoldsUpIsReported() {
    TestRedis redis = space.create("held", "{cluster: {master: 1, replicas: 0}}").awaitRunning();
    finalizers("[\"example.com/backup\"]");
    space.kubectl("delete", "rd", "held", "--wait=false").orFail();

    awaitAsserted(() -> {
      assertThat(redis.status().orElseThrow().phase()).isEqualTo(Phase.Deleting);
      assertThat(redis.condition(ConditionType.Ready).orElseThrow())
          .satisfies(ready -> assertThat(ready.getStatus()).isEqualTo("Unknown"))
          .satisfies(ready -> assertThat(ready.getMessage()).contains("example.com/backup"));
    });
    finalizers("null");
    awaitAsserted(() -> assertThat(left("rd,sts,svc,pod")).isEmpty());
  }

  private void finalizers(String json) {
    space
        .kubectl(
            "patch",
            "rd",
            "held",
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":%s}}".formatted(json))
        .orFail();
  }

  @Test
  void pauseKeepsVolumesAndSecretForTheNextOfThatName() {
    String spec = "{cluster: {replicas: 1}, terminationPolicy: Pause}";
    TestRedis redis = space.create("paused", spec).awaitRunning();
    redis.fill(KEYS);
    String password = left("secret", "jsonpath={.items[*].data.password}");
    String ids = left("pvc", "jsonpath={.items[*].metadata.annotations.slotkeeper\\.io/node-id}");

    redis.delete();
    assertThat(left("sts,svc,cm,pdb,netpol")).isEmpty();
    assertThat(left("pvc")).hasLineCount(6);

    // Its status is empty: only the volumes say which server is which.
    redis.create(spec).awaitRunning().assertSound(3, 1);
    redis.assertFilled(KEYS, redis.cli(2, 0));
    assertThat(left("secret", "jsonpath={.items[*].data.password}")).isEqualTo(password);
    assertThat(left("pvc", "jsonpath={.items[*].metadata.annotations.slotkeeper\\.io/node-id}"))
        .isEqualTo(ids);
    redis.patch("terminationPolicy: WipeOut").awaitRunning().delete();
  }

  /** The keys of one hash tag are in one shard, as queue libraries have it; the other is empty. */
  @Test
  void madeAgainWithFewerMastersNothingIsGivenAway() {
    String spec = "{cluster: {master: 2, replicas: 0}, terminationPolicy: Pause}";
    TestRedis redis = space.create("shrunk", spec).awaitRunning();
    redis.cli(1, 0).run("set", "{queue}:1", "job"); // slot 13011
    redis.delete();

    redis.create("{cluster: {master: 1, replicas: 0}, terminationPolicy: Pause}");
    redis.awaitCondition(ConditionType.Ready, false, Reason.ClaimWithoutPod);
    assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage())
        .contains("data-shrunk-shard1-0");
    awaitAsserted(() ->
        assertThat(redis.cli(0, 0).nodes())
            .as("the owner of the other half keeps it")
            .anyMatch(node -> node.slots().contains("8192-16383")));

    redis.patch("cluster: {master: 2}").awaitRunning().assertSound(2, 0);
    assertThat(redis.cli(1, 0).run("get", "{queue}:1")).isEqualTo("job");
    redis.patch("terminationPolicy: WipeOut").delete();
  }

  @Test
  void deleteTakesTheVolumesAlong() {
    TestRedis redis =
        space.create("deleted", "{cluster: {master: 1, replicas: 1}, terminationPolicy: Delete}");
    redis.awaitRunning();

    redis.delete();

    awaitAsserted(() -> {
      assertThat(left("sts,svc,cm,pdb,netpol,pvc")).isEmpty();
      assertThat(left("secret")).isEqualTo("secret/deleted-auth");
    });
  }

  @Test
  void doNotTerminateIsRefusedWithWhatToDo() {
    TestRedis redis =
        space.create("guarded", "{cluster: {master: 1}, terminationPolicy: DoNotTerminate}");
    redis.awaitRunning();

    var refused = space.kubectl("delete", "rd", "guarded");

    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.output())
        .contains("spec.terminationPolicy is DoNotTerminate", "first change that to Pause");
    assertThat(redis.condition(ConditionType.Ready).orElseThrow().getStatus()).isEqualTo("True");
    redis.patch("terminationPolicy: WipeOut").delete();
  }

  /** The names of what there is in the namespace, of kinds separated by commas. */
  private String left(String kinds) {
    return left(kinds, "name");
  }

  private String left(String kinds, String format) {
    // Tests run one after the other, and each deletes what it made: what is there is of this one.
    return space
        .kubectl("get", kinds, "-l", "app.kubernetes.io/managed-by=slotkeeper", "-o", format)
        .orFail()
        .strip();
  }
}
