package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What kubectl offers, and is not meant for the parts of a Redis: nothing is lost, or stuck. */
@OnCluster
class RoughHandsTest {
  private static final int KEYS = 50;
  private static final String PAIR = "{cluster: {master: 1, replicas: 1}}";

  private static final String CRASHING =
      "{name: proxy, image: local/redis:7.0, command: [sh, -c, exit 1],"
          + " securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}";

  private final Space space;

  RoughHandsTest(Space space) {
    this.space = space;
  }

  @Test
  void rolloutRestart() {
    TestRedis redis = space.create("restarted", PAIR).awaitRunning();
    redis.fill(KEYS);
    List<String> before = uids(redis);

    space.kubectl("rollout", "restart", "sts/restarted-shard0").orFail();

    awaitAsserted(() -> assertThat(uids(redis)).hasSize(2).doesNotContainAnyElementsOf(before));
    redis.awaitRunning().assertSound(1, 1);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    assertThat(redis.events("PodReplaced")).hasSize(2);
    redis.delete();
  }

  @Test
  void scaleOfAStatefulSet() {
    TestRedis redis = space.create("resized", PAIR).awaitRunning();
    redis.fill(KEYS);

    space.kubectl("scale", "sts/resized-shard0", "--replicas=0").orFail();
    awaitWhole(redis);
    space.kubectl("scale", "sts/resized-shard0", "--replicas=3").orFail();
    awaitWhole(redis);
    redis.delete();
  }

  /** The pods go a moment later; until then the status is right to say that all is well. */
  private void awaitWhole(TestRedis redis) {
    awaitAsserted(() -> {
      assertThat(
              space
                  .kubectl("get", "sts", "resized-shard0", "-o", "jsonpath={.spec.replicas}")
                  .orFail())
          .isEqualTo("2");
      redis.assertSound(1, 1);
      redis.assertFilled(KEYS, redis.cli(0, 0));
      redis.assertFilled(KEYS, redis.cli(0, 1));
    });
    redis.awaitRunning();
  }

  /** An injector's container crashes; the server beside it is well, and the user acts in haste. */
  @Test
  void aSidecarThatCrashes() {
    TestRedis redis = space.create("meshed", PAIR).awaitRunning();
    redis.fill(KEYS);
    try (var leaving = new Leaving(space, redis)) {
      patchContainers(CRASHING);
      awaitAsserted(() -> assertThat(redis.pods()).anyMatch(RoughHandsTest::isHalfReady));
      redis.patch("podTemplate: {metadata: {annotations: {sidecar.istio.io/inject: 'false'}}}");
      patchContainers("{name: proxy, $patch: delete}");

      awaitAsserted(() ->
          assertThat(redis.pods())
              .hasSize(2)
              .allMatch(pod -> pod.getSpec().getContainers().size() == 1)
              .allMatch(pod ->
                  pod.getMetadata().getAnnotations().containsKey("sidecar.istio.io/inject")));
      redis.awaitRunning().assertSound(1, 1);
      assertThat(leaving.most()).as("pods that left at once").isEqualTo(1);
    }
    redis.assertFilled(KEYS, redis.cli(0, 0));
    assertThat(redis.events("ShardLost")).isEmpty();
    redis.delete();
  }

  private void patchContainers(String container) {
    space
        .kubectl(
            "patch",
            "sts",
            "meshed-shard0",
            "-p",
            "spec: {template: {spec: {containers: [%s]}}}".formatted(container))
        .orFail();
  }

  private static boolean isHalfReady(Pod pod) {
    List<ContainerStatus> containers = pod.getStatus().getContainerStatuses();
    return containers.size() == 2
        && containers.stream().anyMatch(c -> c.getName().equals("redis") && c.getReady())
        && containers.stream().anyMatch(c -> !c.getReady() && c.getRestartCount() > 0);
  }

  /** How many pods of a Redis are being deleted at once. */
  private static final class Leaving implements Watcher<Pod>, AutoCloseable {
    private final Watch watch;
    private final Set<String> now = new HashSet<>();
    private int most;

    Leaving(Space space, TestRedis redis) {
      watch =
          space
              .client()
              .pods()
              .inNamespace(space.name())
              .withLabels(Labels.selector(redis.name()))
              .watch(this);
    }

    @Override
    public synchronized void eventReceived(Action action, Pod pod) {
      String uid = pod.getMetadata().getUid();
      if (action == Action.DELETED) {
        now.remove(uid);
      } else if (pod.getMetadata().getDeletionTimestamp() != null && now.add(uid)) {
        most = Math.max(most, now.size());
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new AssertionError("the watch ended", cause);
    }

    synchronized int most() {
      return most;
    }

    @Override
    public void close() {
      watch.close();
    }
  }

  @Test
  void deleteOrphansAndApplyAgain() {
    TestRedis redis = space.create("orphan", PAIR).awaitRunning();
    redis.fill(KEYS);
    List<String> before = uids(redis);

    space.kubectl("delete", "rd", "orphan", "--cascade=orphan").orFail();
    redis.create(PAIR).awaitRunning().assertSound(1, 1);

    assertThat(uids(redis)).as("they went on").isEqualTo(before);
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.delete();
    awaitAsserted(() ->
        assertThat(
                space
                    .kubectl(
                        "get",
                        "sts,svc,cm,secrets,pdb,netpol,pvc",
                        "-l",
                        "slotkeeper.io/redis=orphan",
                        "-o",
                        "name")
                    .orFail())
            .as("all belong to the second one")
            .isBlank());
  }

  @Test
  void deleteOrphansAndApplyAgainSmaller() {
    TestRedis redis = space.create("lesser", "{cluster: {master: 2, replicas: 0}}").awaitRunning();
    redis.fill(KEYS);

    space.kubectl("delete", "rd", "lesser", "--cascade=orphan").orFail();
    redis.create("{cluster: {master: 1, replicas: 0}}").awaitRunning().assertSound(1, 0);

    redis.assertFilled(KEYS, redis.cli(0, 0));
    awaitAsserted(() ->
        assertThat(space.kubectl("get", "sts", "-o", "name").orFail().strip())
            .isEqualTo("statefulset.apps/lesser-shard0"));
    redis.delete();
  }

  /** Its server runs: whatever takes a label off it must not cost a write. */
  @Test
  void labelsTakenOffAMaster() {
    TestRedis redis = space.create("bare", "{cluster: {master: 3, replicas: 1}}").awaitRunning();
    redis.fill(KEYS);
    String master = redis.master(0);

    space.kubectl("label", "pod", master, "app.kubernetes.io/managed-by-").orFail();
    space.kubectl("label", "pod", master, "slotkeeper.io/redis-").orFail();
    redis.awaitCondition(ConditionType.Ready, false, Reason.SlotsNotServed);
    assertThat(space.cli(master).self().isMaster()).isTrue();
    space.kubectl("label", "pod", master, "slotkeeper.io/redis=bare").orFail();
    redis.awaitRunning();
    assertThat(space.cli(master).self().isMaster()).as("nothing has taken over").isTrue();
    assertThat(redis.events("FailoverStarted")).isEmpty();

    space.kubectl("label", "pod", master, "app.kubernetes.io/managed-by=slotkeeper").orFail();
    redis.assertFilled(KEYS, redis.cli(0, 0));
    redis.delete();
  }

  @Test
  void finalizerOfAnother() {
    TestRedis redis = space.create("held", "{cluster: {master: 1}}").awaitRunning();
    redis.cli(0, 0).run("set", "a", "there");
    finalizers(redis, "\"example.com/hold\"");

    space.kubectl("delete", "rd", "held", "--wait=false").orFail();
    assertThat(redis.resource().get().isMarkedForDeletion()).isTrue();
    // Until that one is through, it serves, and what Kubernetes restarts comes back by itself.
    Pod before = space.pod(redis.pod(0, 0));
    space.client().resource(before).delete();
    awaitAsserted(() -> {
      assertThat(uids(redis)).hasSize(1).doesNotContain(before.getMetadata().getUid());
      assertThat(redis.pods().getFirst().getStatus().getConditions())
          .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    });
    awaitAsserted(() -> assertThat(redis.cli(0, 0).run("get", "a")).isEqualTo("there"));

    finalizers(redis, "");
    awaitAsserted(() -> {
      assertThat(redis.resource().get()).isNull();
      assertThat(redis.pods()).isEmpty();
      assertThat(redis.claims()).isEmpty();
    });
  }

  private void finalizers(TestRedis redis, String names) {
    space
        .kubectl(
            "patch",
            "rd",
            redis.name(),
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":[%s]}}".formatted(names))
        .orFail();
  }

  @Test
  void deletionOfTheNamespace() {
    try (TestNamespace namespace = space.cluster().namespace("e2e-leaving")) {
      Space leaving = new Space(space.cluster(), namespace.name(), space.operator());
      leaving.create("paused", "{cluster: {master: 1}, terminationPolicy: Pause}").awaitRunning();
      TestRedis guarded =
          leaving
              .create("guarded", "{cluster: {master: 1}, terminationPolicy: DoNotTerminate}")
              .awaitRunning();
      // Unfinished ones, too: one waits for pods, the other lacks a Secret.
      leaving.create("waiting", "{podTemplate: {spec: {nodeSelector: {no: where}}}}");
      leaving.create("missing", "{auth: {secretRef: {name: none}}}");

      assertThat(leaving.kubectl("delete", "ns", namespace.name(), "--wait=false").output())
          .contains("Redis guarded", "DoNotTerminate");
      guarded.patch("terminationPolicy: WipeOut");
      awaitAsserted(
          () -> // admission learns of it a moment later
          leaving.kubectl("delete", "ns", namespace.name(), "--wait=false").orFail());

      awaitAsserted(() ->
          assertThat(space.client().namespaces().withName(namespace.name()).get())
              .as(() -> leaving.kubectl("get", "ns", namespace.name(), "-o", "yaml").output())
              .isNull());
    }
  }

  private static List<String> uids(TestRedis redis) {
    return redis.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }
}
