package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.slotkeeper.api.Redis;
import io.slotkeeper.testing.TestCluster;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The chart's admission policies, on the API server. */
@Tag("kubernetes")
class DeletionProtectionTest {

  // The API server learns of a policy, and of what a policy refers to, a moment later.
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final KubernetesClient client = TestCluster.get().client();
  private final TestNamespace namespace = TestCluster.get().namespace("protection");
  private final List<HasMetadata> policies =
      Chart.objects(Helm.template(namespace.name(), namespace.name()).output()).stream()
          .filter(object -> object.getKind().startsWith("ValidatingAdmissionPolicy"))
          .filter(object -> object.getMetadata().getName().endsWith("-protection"))
          .toList();

  @BeforeEach
  void createPolicies() {
    assertThat(policies).hasSize(4);
    policies.forEach(policy -> client.resource(policy).create());
  }

  @AfterEach
  void deleteEverything() {
    policies.forEach(policy -> client.resource(policy).delete());
    client
        .resources(Redis.class)
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .forEach(redis -> setTerminationPolicy("Delete", redis.getMetadata().getName()));
    await().atMost(DEADLINE).until(() -> refusalOfNamespace().isEmpty());
    namespace.close();
  }

  @Test
  void refusesTheProtectedAndSaysWhatToDo() {
    create("guarded", "DoNotTerminate");
    create("free", "Pause");

    await()
        .atMost(DEADLINE)
        .untilAsserted(() ->
            assertThat(refusalOf("guarded"))
                .contains(
                    "spec.terminationPolicy is DoNotTerminate",
                    "first change that to Pause, Delete or WipeOut"));
    assertThat(refusalOf("free")).isEmpty();

    setTerminationPolicy("Pause", "guarded");
    assertThat(refusalOf("guarded")).isEmpty();
  }

  @Test
  void refusesANamespaceThatHoldsAProtectedOne() {
    create("free", "Pause");
    assertThat(refusalOfNamespace()).isEmpty();

    create("guarded", "DoNotTerminate");
    await()
        .atMost(DEADLINE)
        .untilAsserted(() ->
            assertThat(refusalOfNamespace())
                .contains(
                    "Redis guarded is in it", "first change that to Pause, Delete or WipeOut"));

    setTerminationPolicy("Delete", "guarded");
    await().atMost(DEADLINE).untilAsserted(() -> assertThat(refusalOfNamespace()).isEmpty());
  }

  private void create(String name, String terminationPolicy) {
    client
        .resource(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            metadata:
              name: %s
            spec:
              version: "7.0"
              mode: Cluster
              cluster:
                master: 3
              storage: {resources: {requests: {storage: 64Mi}}}
              terminationPolicy: %s
              halted: true
            """
                .formatted(name, terminationPolicy))
        .inNamespace(namespace.name())
        .create();
  }

  private void setTerminationPolicy(String policy, String name) {
    client
        .resources(Redis.class)
        .inNamespace(namespace.name())
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"terminationPolicy\":\"" + policy + "\"}}");
  }

  /** What the API server says against deleting; empty: nothing. Nothing is deleted. */
  private String refusalOf(String name) {
    return refusal(() ->
        client
            .resources(Redis.class)
            .inNamespace(namespace.name())
            .withName(name)
            .dryRun()
            .delete());
  }

  private String refusalOfNamespace() {
    return refusal(() -> client.namespaces().withName(namespace.name()).dryRun().delete());
  }

  private static String refusal(Runnable deletion) {
    try {
      deletion.run();
      return "";
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isEqualTo(403);
      return String.valueOf(e.getMessage());
    }
  }
}
