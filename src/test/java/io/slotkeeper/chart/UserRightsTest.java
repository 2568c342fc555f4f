package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.testing.TestCluster;
import io.slotkeeper.testing.TestCluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user who may write Redises gets no right by it that the user does not have. */
@Tag("kubernetes")
class UserRightsTest {
  private static final String USER = "redis-writer";

  // The API server learns of a policy, and of a role, a moment later.
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final TestNamespace namespace = TestCluster.get().namespace("rights");
  private final KubernetesClient admin = TestCluster.get().client();
  private final KubernetesClient user =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(admin.getConfiguration())
                  .withImpersonateUsername(USER)
                  .withNamespace(namespace.name())
                  .build())
          .build();
  private final List<HasMetadata> policies =
      Chart.objects(Helm.template(namespace.name(), namespace.name()).output()).stream()
          .filter(object -> object.getKind().startsWith("ValidatingAdmissionPolicy"))
          .filter(object -> object.getMetadata().getName().endsWith("-user-rights"))
          .toList();

  @BeforeEach
  void createPolicy() {
    assertThat(policies).hasSize(2);
    policies.forEach(policy -> admin.resource(policy).create());
    allow("redises", rule("slotkeeper.io", "redises", null, "get", "create", "update", "patch"));
    await().atMost(DEADLINE).until(() -> refusal("").isEmpty());
    await()
        .atMost(DEADLINE)
        .until(() -> !refusal("podTemplate: {metadata: {labels: {a: b}}}").isEmpty());
  }

  @AfterEach
  void deleteEverything() {
    policies.forEach(policy -> admin.resource(policy).delete());
    user.close();
    namespace.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "podTemplate: {spec: {containerSecurityContext: {privileged: true}}} | create pods",
        "podTemplate: {spec: {serviceAccountName: admin}}                    | create pods",
        "podTemplate: {spec: {env: [{name: A, valueFrom: {secretKeyRef: {name: theirs, key: k}}}]}} | create pods",
        "podTemplate: {spec: {imagePullSecrets: [{name: theirs}]}}           | create pods",
        "sentinel: {podTemplate: {spec: {serviceAccountName: admin}}}        | create pods",
        "monitor: {prometheus: {exporter: {image: theirs}}}                  | create pods",
        "monitor: {prometheus: {exporter: {args: [-export-client-list]}}}    | create pods",
        "serviceTemplate: {spec: {type: LoadBalancer}}                       | create services",
        "serviceTemplate: {metadata: {annotations: {a: b}}}                  | create services",
        "auth: {secretRef: {name: theirs}}                                   | get Secret theirs",
        "configSource: {configMap: {name: theirs}}                           | get ConfigMap theirs",
      })
  void refusesWhatTheUserMayNotDo(String spec, String right) {
    assertThat(refusal(spec)).contains("needs the right to " + right);
  }

  @Test
  void takesWhatTheUserMayDo() {
    allow("pods", rule("", "pods", null, "create"));
    allow("secret", rule("", "secrets", "mine", "get"));

    await()
        .atMost(DEADLINE)
        .untilAsserted(() -> {
          assertThat(refusal("podTemplate: {spec: {priorityClassName: high}}")).isEmpty();
          assertThat(refusal("auth: {secretRef: {name: mine}}")).isEmpty();
        });
    assertThat(refusal("auth: {secretRef: {name: theirs}}")).contains("get Secret theirs");
    assertThat(refusal("monitor: {prometheus: {podMonitor: {interval: 1m}}}")).isEmpty();
  }

  /** What another user set stays, and does not keep the user from changing the rest. */
  @Test
  void leavesWhatIsNotChangedAlone() {
    String theirs =
        "podTemplate: {spec: {priorityClassName: high}}, auth: {secretRef: {name: theirs}},"
            + " serviceTemplate: {spec: {type: NodePort}}";
    admin.resource(redis("halted: true, " + theirs)).create();

    assertThat(refusalOfChange("{config: {maxmemory-policy: allkeys-lru}}")).isEmpty();
    assertThat(refusalOfChange("{podTemplate: null, auth: null, serviceTemplate: null}")).isEmpty();

    assertThat(refusalOfChange("{podTemplate: {spec: {priorityClassName: higher}}}"))
        .contains("create pods");
  }

  private void allow(String name, PolicyRule rule) {
    admin
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(namespace.name())
                .withName(name)
                .endMetadata()
                .withRules(rule)
                .build())
        .create();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace.name())
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                .build())
        .create();
  }

  private static PolicyRule rule(
      String group, String resource, @Nullable String name, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resource)
        .withResourceNames(name == null ? List.of() : List.of(name))
        .withVerbs(verbs)
        .build();
  }

  private GenericKubernetesResource redis(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: slotkeeper.io/v1alpha1
        kind: Redis
        metadata: {name: mine, namespace: %s}
        spec: {version: "7.0", %s, storage: {resources: {requests: {storage: 1Gi}}}%s}
        """
            .formatted(
                namespace.name(),
                spec.startsWith("sentinel:")
                    ? "mode: Sentinel"
                    : "mode: Cluster, cluster: {master: 3}",
                spec.isEmpty() ? "" : ", " + spec),
        GenericKubernetesResource.class);
  }

  /** What the API server says against creating one with this spec; nothing is created. */
  private String refusal(String spec) {
    return refusal(() -> user.resource(redis(spec)).dryRun().create());
  }

  /**
   * The same against a change of the one that is there. A patch, for that asks for no version: an
   * operator that is installed writes the status meanwhile.
   */
  private String refusalOfChange(String spec) {
    String patch =
        "{\"spec\": %s}"
            .formatted(
                Serialization.asJson(Serialization.unmarshal("---\n" + spec, JsonNode.class)));
    PatchContext dryRun =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withDryRun(List.of("All"))
            .build();
    return refusal(() -> user.resource(redis("")).patch(dryRun, patch));
  }

  private static String refusal(Runnable request) {
    try {
      request.run();
      return "";
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isEqualTo(403);
      return String.valueOf(e.getMessage());
    }
  }
}
