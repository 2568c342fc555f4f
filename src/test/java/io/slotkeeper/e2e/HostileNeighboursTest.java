package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Others in the namespace, who know nothing of Slotkeeper or mean no good: what is theirs stays as
 * it is, and what is ours goes on.
 */
@OnCluster
class HostileNeighboursTest {
  private static final int KEYS = 50;
  private static final String ONE = "{cluster: {master: 1}}";
  private static final String PAIR = "{cluster: {master: 1, replicas: 1}}";

  private static final String APPLICATION =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shop, labels: {app: web}}
      spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: shop-config}
      data: {motd: hello}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: shop-auth}
      type: kubernetes.io/basic-auth
      stringData: {username: shop, password: theirs}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: shop-shard0}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      """;
  private static final String THEIRS = "svc/shop,cm/shop-config,secret/shop-auth,pdb/shop-shard0";

  /** A pod and claims with the labels of a Redis and other names, as copies have them. */
  private static final String LABELLED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: labelled-shard999999999-0
        labels: {app.kubernetes.io/managed-by: slotkeeper, slotkeeper.io/redis: labelled, slotkeeper.io/shard: "999999999"}
      spec:
        nodeSelector: {no: where}
        securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: redis
            image: local/redis:7.0
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;

  private final Space space;

  HostileNeighboursTest(Space space) {
    this.space = space;
  }

  @Test
  void anApplicationHasTheNames() {
    space.apply(APPLICATION).orFail();
    String before = versions(THEIRS);
    TestRedis redis = space.create("shop", ONE);

    redis.awaitCondition(ConditionType.Ready, false, Reason.NameTaken);
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.NameTaken);
    assertThat(redis.condition(ConditionType.ConfigurationApplied).orElseThrow().getMessage())
        .contains("Service shop", "ConfigMap shop-config", "Secret shop-auth");
    awaitAsserted(() -> assertThat(redis.events("NameTaken")).isNotEmpty());
    redis.delete();
    assertThat(versions(THEIRS)).isEqualTo(before);

    // It is enough that they go.
    redis.create(ONE).awaitCondition(ConditionType.Ready, false, Reason.NameTaken);
    assertThat(versions(THEIRS)).isEqualTo(before);
    space.kubectl(("delete " + THEIRS.replace(',', ' ')).split(" ")).orFail();
    redis.awaitRunning().assertSound(1, 0);
    redis.delete();
  }

  private String versions(String objects) {
    return space
        .kubectl(
            ("get "
                    + objects.replace(',', ' ')
                    + " -o jsonpath={range.items[*]}{.metadata.name}@{.metadata.resourceVersion}/{end}")
                .split(" "))
        .orFail();
  }

  /** The Service of one is what the other needs for its governing Service. */
  @Test
  void anotherRedisHasTheName() {
    TestRedis first = space.create("left-gvr", ONE).awaitRunning();
    first.cli(0, 0).run("set", "a", "there");
    String before = versions("svc/left-gvr,svc/left-gvr-gvr");

    TestRedis second = space.create("left", ONE);
    second.awaitCondition(ConditionType.Ready, false, Reason.NameTaken);
    assertThat(second.condition(ConditionType.Ready).orElseThrow().getMessage())
        .contains("Service left-gvr", "its owner is Redis left-gvr");
    second.delete();

    assertThat(versions("svc/left-gvr,svc/left-gvr-gvr")).isEqualTo(before);
    first.awaitRunning().assertSound(1, 0);
    assertThat(first.cli(0, 0).run("get", "a")).isEqualTo("there");
    first.delete();
  }

  @Test
  void objectsOfOthersHaveTheLabels() {
    TestRedis redis = space.create("labelled", PAIR).awaitRunning();
    redis.fill(KEYS);
    List<String> claims = List.of("bak", "tmp-copy", "data-labelled-shard0-0-copy");
    claims.forEach(claim -> space.apply(claim(claim)).orFail());
    space.apply(LABELLED).orFail();
    space
        .kubectl(
            "annotate",
            "sts/labelled-shard0",
            "slotkeeper.io/nudges=x",
            "slotkeeper.io/moves=pods@y,z")
        .orFail();
    awaitAsserted(() ->
        assertThat(redis.events("ObjectIgnored"))
            .anyMatch(note -> note.contains("labelled-shard999999999-0"))
            .anyMatch(note -> note.contains("data-labelled-shard0-0-copy")));

    String master = redis.master(0);
    space.client().pods().inNamespace(space.name()).withName(master).withGracePeriod(0).delete();
    awaitAsserted(() -> assertThat(redis.master(0)).isNotEqualTo(master));
    awaitAsserted(
        () -> // three pods have the labels
        assertThat(redis.status().orElseThrow().readyPods()).isEqualTo("2/2"));
    redis.awaitRunning();
    assertThat(redis.cli(0, 0).nodes()).hasSize(2).allMatch(RedisCli.Node::isSound);
    redis.assertFilled(KEYS, redis.cli(0, 1));

    space.kubectl("delete", "rd", "labelled").orFail();
    awaitAsserted(() ->
        assertThat(redis.claims())
            .extracting(claim -> claim.getMetadata().getName())
            .containsExactlyInAnyOrderElementsOf(claims));
    assertThat(redis.claims())
        .allMatch(claim -> claim.getMetadata().getOwnerReferences().isEmpty())
        .allMatch(claim -> claim.getMetadata().getDeletionTimestamp() == null);
    assertThat(redis.podNames()).contains("labelled-shard999999999-0");
    space.kubectl("delete", "pod", "labelled-shard999999999-0", "--grace-period=0").orFail();
  }

  private static String claim(String name) {
    return """
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: %s
      labels: {app.kubernetes.io/managed-by: slotkeeper, slotkeeper.io/redis: labelled, slotkeeper.io/shard: "0"}
      annotations: {slotkeeper.io/node-id: nonsense}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}

    """
        .formatted(name);
  }

  @Test
  void rolesAreWrittenByOthers() throws JsonProcessingException {
    TestRedis redis = space.create("roles", PAIR).awaitRunning();
    String master = redis.master(0);
    String replica = redis.status().orElseThrow().shards().getFirst().replicas().getFirst();
    awaitAsserted(() -> assertThat(counted(redis)).isEqualTo("pod/" + master));

    space.kubectl("label", "pod", master, "slotkeeper.io/role-").orFail();
    space.kubectl("label", "pod", replica, "slotkeeper.io/role=master", "--overwrite").orFail();

    awaitAsserted(() -> assertThat(counted(redis)).isEqualTo("pod/" + master));
    assertThat(space.pod(replica).getMetadata().getLabels())
        .containsEntry("slotkeeper.io/role", "replica");
    redis.awaitRunning();
    assertThat(redis.master(0)).isEqualTo(master);
    redis.delete();
  }

  /** The pods that an autoscaler averages over: as many as the scale subresource says. */
  private String counted(TestRedis redis) throws JsonProcessingException {
    JsonNode scale =
        new ObjectMapper()
            .readTree(
                space
                    .kubectl(
                        "get",
                        "--raw",
                        "/apis/slotkeeper.io/v1alpha1/namespaces/%s/redises/%s/scale"
                            .formatted(space.name(), redis.name()))
                    .orFail())
            .path("status");
    assertThat(scale.path("replicas").asInt()).isOne();
    return space
        .kubectl("get", "pods", "-l", scale.path("selector").asText(), "-o", "name")
        .orFail()
        .strip();
  }

  @Test
  void aQuotaHasNoRoomForPods() {
    space.kubectl("create", "quota", "none", "--hard=pods=0").orFail();
    TestRedis redis = space.create("poor", ONE);

    redis.awaitCondition(ConditionType.Ready, false, Reason.PodRefused);
    assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage())
        .contains("poor-shard0-0", "exceeded quota: none");
    awaitAsserted(() -> assertThat(redis.events("PodRefused")).isNotEmpty());

    space.kubectl("delete", "quota", "none").orFail();
    redis.awaitRunning().assertSound(1, 0);
    redis.delete();
  }

  @Test
  void podSecurityTakesNoSuchPods() {
    TestRedis redis =
        space.create(
            "insecure",
            "{cluster: {master: 1}, podTemplate:"
                + " {spec: {containerSecurityContext: {allowPrivilegeEscalation: true}}}}");

    redis.awaitCondition(ConditionType.Ready, false, Reason.PodRefused);
    assertThat(redis.condition(ConditionType.Ready).orElseThrow().getMessage())
        .contains("violates PodSecurity \"restricted", "allowPrivilegeEscalation");

    redis.patch("podTemplate: null").awaitRunning().assertSound(1, 0);
    redis.delete();
  }

  /** By label, as Argo CD finds what it thinks is its own. */
  @Test
  void aPrunerRelabelsAndDeletesTheGeneratedSecret() {
    TestRedis redis =
        space.create("pruned", "{cluster: {master: 1}, terminationPolicy: Pause}").awaitRunning();
    String password = password(redis);
    assertThat(
            space
                .kubectl("get", "secret", "pruned-auth", "-o", "jsonpath={.metadata.labels}")
                .orFail())
        .doesNotContain("app.kubernetes.io/instance");

    space.kubectl("delete", "secret", "pruned-auth").orFail();
    awaitAsserted(() -> assertThat(password(redis)).isEqualTo(password));
    relabel("argocd");
    redis.awaitCondition(ConditionType.ConfigurationApplied, false, Reason.NameTaken);
    assertThat(redis.condition(ConditionType.ConfigurationApplied).orElseThrow().getMessage())
        .contains("Secret pruned-auth", "app.kubernetes.io/managed-by=slotkeeper")
        .doesNotContain(password);
    assertThat(password(redis)).isEqualTo(password);
    redis.awaitCondition(ConditionType.SlotsCovered, true, Reason.AllSlotsServed);

    relabel("slotkeeper");
    redis.awaitCondition(ConditionType.ConfigurationApplied, true, Reason.Applied);
    redis.patch("terminationPolicy: WipeOut").awaitRunning().delete();
  }

  private void relabel(String manager) {
    space
        .kubectl(
            "label",
            "secret",
            "pruned-auth",
            "--overwrite",
            "app.kubernetes.io/managed-by=" + manager,
            "app.kubernetes.io/instance=shop")
        .orFail();
  }

  private String password(TestRedis redis) {
    return space
        .kubectl(
            "get",
            "secret",
            redis.name() + "-auth",
            "--ignore-not-found",
            "-o",
            "jsonpath={.data.password}")
        .orFail();
  }
}
