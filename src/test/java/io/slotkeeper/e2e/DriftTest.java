package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user deletes what the operator made, or nothing happens at all. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DriftTest {
  private static final int KEYS = 100;
  private static final String EVERYTHING =
      "rd,sts,pods,pvc,svc,endpointslices,secrets,cm,pdb,netpol,events,controllerrevisions";

  private final Space space;
  private final TestRedis redis;

  DriftTest(Space space) {
    this.space = space;
    this.redis = new TestRedis(space, "drift");
  }

  @BeforeAll
  void formAndFill() {
    redis.create("{cluster: {replicas: 1}, terminationPolicy: Pause}").awaitRunning();
    redis.fill(KEYS);
  }

  @Test
  @Order(1)
  void restIsRest() {
    // The readiness of the last pods, and the endpoints that follow it, may still be on their way.
    awaitAsserted(() -> assertThat(redis.status().orElseThrow().readyPods()).isEqualTo("6/6"));

    await()
        .pollInterval(Duration.ofSeconds(5))
        .during(Duration.ofSeconds(60))
        .atMost(Space.PATIENCE)
        .until(this::versions, new Unchanged());
  }

  @ParameterizedTest
  @Order(2)
  @ValueSource(
      strings = {
        "service/drift",
        "service/drift-gvr",
        "configmap/drift-config",
        "secret/drift-auth",
        "secret/drift-server",
        "secret/drift-binding",
        "poddisruptionbudget/drift-shard1",
        "networkpolicy/drift-bus",
        "statefulset/drift-shard2 --cascade=orphan",
        "statefulset/drift-shard0",
      })
  void whatIsDeletedComesBack(String object) {
    String name = object.split(" ", 2)[0];
    String before = uid(name);
    String password = password();

    space.kubectl(("delete " + object + " --wait=false").split(" ")).orFail();

    awaitAsserted(() -> assertThat(uid(name)).isNotEmpty().isNotEqualTo(before));
    // The pods of a deleted StatefulSet go a moment later; until then the status is right to say
    // that all is well.
    awaitAsserted(() ->
        assertThat(redis.pods()).extracting(DriftTest::owner).hasSize(6).isSubsetOf(shardUids()));
    redis.awaitRunning().assertSound(3, 1);
    redis.assertFilled(KEYS, redis.cli(1, 0));
    assertThat(password()).isEqualTo(password);
  }

  @Test
  @Order(3)
  void whatIsChangedIsPutRight() {
    space
        .kubectl(
            "patch",
            "service",
            "drift",
            "--type=merge",
            "-p",
            "{\"spec\":{\"selector\":{\"slotkeeper.io/redis\":\"another\"}}}")
        .orFail();

    awaitAsserted(() ->
        assertThat(
                space
                    .kubectl("get", "service", "drift", "-o", "jsonpath={.spec.selector}")
                    .orFail())
            .contains("\"slotkeeper.io/redis\":\"drift\""));
  }

  /** The UID of a pod's owner; orphans have none until the next StatefulSet adopts them. */
  private static String owner(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .findFirst()
        .orElse("none");
  }

  private List<String> shardUids() {
    return space.client().apps().statefulSets().inNamespace(space.name()).list().getItems().stream()
        .map(shard -> shard.getMetadata().getUid())
        .toList();
  }

  private String uid(String object) {
    return space
        .kubectl("get", object, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")
        .orFail();
  }

  private String password() {
    return space.kubectl("get", "secret", "drift-auth", "-o", "jsonpath={.data.password}").orFail();
  }

  private String versions() {
    return space
        .kubectl(
            "get",
            EVERYTHING,
            "-o",
            "jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.resourceVersion}{\"\\n\"}{end}")
        .orFail();
  }

  /** Is what it was when it was last looked at. */
  private static final class Unchanged implements java.util.function.Predicate<String> {
    private String last = "";

    @Override
    public boolean test(String now) {
      boolean same = now.equals(last);
      last = now;
      return same;
    }
  }
}
