package io.slotkeeper.e2e;

import static io.slotkeeper.e2e.Space.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/**
 * A Redis of a version to come, which an operator meets after a rollback: it says that it cannot be
 * read, and all others are looked after.
 */
@OnCluster
class UnreadableTest {
  private static final String CRD =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/redises.slotkeeper.io";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUTURE =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: future}
      spec:
        version: "7.0"
        mode: Cluster
        updateStrategy: {type: %s}
        cluster: {master: 1, replicas: 0}
        storage: {resources: {requests: {storage: 64Mi}}}
        podTemplate: {spec: {resources: {limits: {memory: "%s"}}}}
        terminationPolicy: WipeOut
      """;

  private final Space space;

  UnreadableTest(Space space) {
    this.space = space;
  }

  @Test
  void valuesAreRefusedOrReportedAndDisturbNoOther() throws JsonProcessingException {
    TestRedis other = space.create("present", "{cluster: {master: 1, replicas: 1}}").awaitRunning();
    other.fill(20);
    assertThat(space.apply(FUTURE.formatted("RollingUpdate", "")).output())
        .contains("spec.podTemplate.spec.resources.limits.memory", "Invalid value");

    JsonNode known = withSchema(loose());
    try {
      awaitAsserted(() -> space.apply(FUTURE.formatted("Canary", "1GB")).orFail());
    } finally {
      withSchema(known);
    }
    try {
      awaitAsserted(
          () -> assertThat(applied()).startsWith("False Unreadable: ").contains("Canary"));
      // One that starts has to read it as well.
      String leader = space.operator().leader();
      space.operator().kill(leader);
      awaitAsserted(() -> assertThat(space.operator().leader()).isNotEmpty().isNotEqualTo(leader));
      // It comes back at another address, which only the operator tells the other server.
      String master = other.master(0);
      String uid = space.pod(master).getMetadata().getUid();
      space.client().pods().inNamespace(space.name()).withName(master).withGracePeriod(0).delete();
      awaitAsserted(() ->
          assertThat(other.pods())
              .hasSize(2)
              .extracting(pod -> pod.getMetadata().getUid())
              .doesNotContain(uid));
      awaitAsserted(() -> {
        other.assertSound(1, 1);
        other.assertFilled(20, other.cli(0, 0));
      });
      other.awaitRunning();
      assertThat(space.kubectl("get", "sts,pods,pvc", "-l", "slotkeeper.io/redis=future").orFail())
          .contains("No resources found");

      // What it says to do.
      space.apply(FUTURE.formatted("RollingUpdate", "128Mi")).orFail();
      awaitAsserted(() -> assertThat(applied()).startsWith("True Applied: "));
      new TestRedis(space, "future").awaitRunning().assertSound(1, 0);
    } finally {
      // Not by a client that would have to read it.
      space.kubectl("delete", "rd", "future").orFail();
    }
    other.delete();
  }

  private String applied() {
    return space
        .kubectl(
            "get",
            "rd",
            "future",
            "-o",
            "jsonpath={range .status.conditions[?(@.type==\"ConfigurationApplied\")]}"
                + "{.status} {.reason}: {.message}{end}")
        .orFail();
  }

  private static JsonNode loose() throws JsonProcessingException {
    return JSON.readTree("{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}");
  }

  /** Gives the definition another schema, and returns the one that it had. */
  private JsonNode withSchema(JsonNode schema) throws JsonProcessingException {
    ObjectNode crd = (ObjectNode) JSON.readTree(space.client().raw(CRD));
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0/schema");
    JsonNode before = version.replace("openAPIV3Schema", schema);
    space.client().raw(CRD, "PUT", crd);
    return before;
  }
}
