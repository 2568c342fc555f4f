package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * An exporter comes and goes with a field of the spec, and has the password that servers accept.
 */
class ExportersTest {
  private static final String SPEC =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
      spec:
        version: "7.0"
        mode: Standalone
        storageType: Ephemeral
        standalone: {replicas: 1}
      """;
  private static final String ON = "  monitor: {prometheus: {}}\n";
  private static final String NAME = "x-exporter";

  /** What the API server has, by kind and name. */
  private final Map<String, GenericKubernetesResource> stored = new HashMap<>();

  private boolean podMonitors;
  private int version;

  private OneRedis one(String spec) throws IOException {
    OneRedis one = new OneRedis(spec);
    one.api.answer(this::answer);
    return one;
  }

  private @Nullable Response answer(Request request) {
    if (request.path().equals("/apis/monitoring.coreos.com/v1")) {
      return podMonitors
          ? new Response(
              200,
              """
              {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "monitoring.coreos.com/v1",
               "resources": [{"name": "podmonitors", "kind": "PodMonitor", "namespaced": true}]}
              """)
          : null;
    }
    if (!request.path().contains("/secrets") && !request.path().contains("/podmonitors")) {
      return null;
    }
    String place = request.path().replaceFirst(".*/namespaces/ns/", "");
    return switch (request.method()) {
      case "GET" ->
          stored.containsKey(place)
              ? new Response(200, Serialization.asJson(stored.get(place)))
              : null;
      case "DELETE" -> {
        stored.remove(place);
        yield null;
      }
      default -> {
        if (request.body().startsWith("[")) {
          yield null;
        }
        GenericKubernetesResource written =
            Serialization.unmarshal(request.body(), GenericKubernetesResource.class);
        written.getMetadata().setUid("uid of " + written.getMetadata().getName());
        written.getMetadata().setResourceVersion(String.valueOf(++version));
        stored.put(
            request.path().endsWith("s") ? place + "/" + written.getMetadata().getName() : place,
            written);
        yield new Response(200, Serialization.asJson(written));
      }
    };
  }

  private static List<HasMetadata> written(OneRedis one, String kind) {
    return one.api.requests().stream()
        .filter(request -> List.of("POST", "PATCH").contains(request.method()))
        .filter(request -> !request.body().startsWith("["))
        .<HasMetadata>map(
            request -> Serialization.unmarshal(request.body(), GenericKubernetesResource.class))
        .filter(object -> kind.equals(object.getKind()))
        .filter(object -> object.getMetadata().getName().equals(NAME))
        .toList();
  }

  private static Optional<Deployment> deployment(OneRedis one) {
    return written(one, "Deployment").stream()
        .reduce((_, last) -> last)
        .map(found -> Serialization.unmarshal(Serialization.asJson(found), Deployment.class));
  }

  private GenericKubernetesResource secret() {
    return Objects.requireNonNull(stored.get("secrets/" + NAME));
  }

  private String passwords() {
    String data = String.valueOf(secret().<Object>get("data", "passwords.json"));
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private void put(String name, String password) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("ns")
            .withUid("uid of " + name)
            .withResourceVersion(String.valueOf(++version))
            .endMetadata()
            .withType("Opaque")
            .addToData(
                "password",
                Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
            .build();
    stored.put(
        "secrets/" + name,
        Serialization.unmarshal(Serialization.asJson(secret), GenericKubernetesResource.class));
  }

  @Test
  void isNotThereUnlessItIsWanted() throws IOException {
    try (OneRedis one = one(SPEC)) {
      one.pass();
      one.pass();

      assertThat(one.api.requests()).noneMatch(request -> request.path().contains(NAME));
    }
  }

  /** Its pod would otherwise start without the Secret, or not know which one it has read. */
  @Test
  void comesInThePassAfterItsSecret() throws IOException {
    put("mine", "first");
    try (OneRedis one = one(SPEC + "  auth: {secretRef: {name: mine}}\n" + ON)) {
      one.pass();
      assertThat(deployment(one)).isEmpty();
      assertThat(passwords())
          .isEqualTo(
              "{\"redis://x-shard0-0.x-gvr.ns.svc:6379\":\"first\","
                  + "\"redis://x-shard0-1.x-gvr.ns.svc:6379\":\"first\"}");
      assertThat(written(one, "NetworkPolicy")).hasSize(1);
      assertThat(written(one, "Service")).hasSize(1);

      one.pass();
      assertThat(deployment(one)).isPresent();
      assertThat(one.failures()).isZero();
    }
  }

  @Test
  void isReplacedWhenThePasswordChanges() throws IOException {
    put("mine", "first");
    try (OneRedis one = one(SPEC + "  auth: {secretRef: {name: mine}}\n" + ON)) {
      one.pass();
      one.pass();
      Deployment before = deployment(one).orElseThrow();

      put("mine", "second");
      one.now = one.now.plusSeconds(6); // Secrets are kept for five
      one.pass();
      one.pass();

      assertThat(passwords()).contains("second").doesNotContain("first");
      assertThat(deployment(one).orElseThrow().getSpec().getTemplate())
          .isNotEqualTo(before.getSpec().getTemplate());
      assertThat(Serialization.asJson(deployment(one).orElseThrow()))
          .doesNotContain("first", "second");
    }
  }

  @Test
  void leavesASecretOfItsNameAloneAndKeepsServersGoing() throws IOException {
    put(NAME, "not ours");
    try (OneRedis one = one(SPEC + ON)) {
      one.pass();
      one.pass();

      assertThat(deployment(one)).isEmpty();
      assertThat(String.valueOf(secret().<Object>get("data", "password")))
          .isEqualTo("bm90IG91cnM=");
      assertThat(one.api.requests("POST", "/statefulsets")).isNotEmpty();
      assertThat(
              Conditions.find(
                      one.status().orElseThrow().conditions(), ConditionType.ConfigurationApplied)
                  .orElseThrow()
                  .getMessage())
          .contains("Secret x-exporter is not of this Redis");
    }
  }

  @Test
  void aPodMonitorIsOnlyForWhereItsKindIs() throws IOException {
    try (OneRedis one = one(SPEC + ON)) {
      one.pass();
      assertThat(stored.values()).noneMatch(object -> object.getKind().equals("PodMonitor"));

      podMonitors = true;
      one.now = one.now.plusSeconds(61);
      one.pass();
      assertThat(one.api.requests("POST", "/podmonitors")).hasSize(1);
      assertThat(one.failures()).isZero();
    }
  }

  /** A role of an older chart, say. */
  @Test
  void aForbiddenPodMonitorKeepsNothingElse() throws IOException {
    try (OneRedis one = new OneRedis(SPEC + ON)) {
      podMonitors = true;
      one.api.answer(request ->
          request.path().contains("/podmonitors")
              ? Response.refusal(403, "podmonitors is forbidden")
              : answer(request));
      one.pass();
      one.pass();

      assertThat(deployment(one)).isPresent();
      assertThat(one.api.requests("POST", "/statefulsets")).isNotEmpty();
      assertThat(one.failures()).isZero();
      assertThat(
              Conditions.find(
                      one.status().orElseThrow().conditions(), ConditionType.ConfigurationApplied)
                  .orElseThrow()
                  .getMessage())
          .contains("PodMonitor x-exporter: podmonitors is forbidden");
    }
  }

  @Test
  void goesWhenItIsNotWantedAnyMoreAndTheDeploymentLast() throws IOException {
    podMonitors = true;
    try (OneRedis one = one(SPEC + ON)) {
      one.pass();
      one.pass();
      one.objects.add(
          new DeploymentBuilder(deployment(one).orElseThrow())
              .editMetadata()
              .withUid("uid of the deployment")
              .endMetadata()
              .build());

      one.redis = withoutExporter();
      one.pass();

      assertThat(one.api.requests().stream().filter(request -> request.method().equals("DELETE")))
          .extracting(Request::path)
          .containsExactly(
              "/apis/monitoring.coreos.com/v1/namespaces/ns/podmonitors/" + NAME,
              "/apis/apps/v1/namespaces/ns/deployments/" + NAME);
      assertThat(one.api.requests("DELETE", "/deployments/" + NAME).getFirst().body())
          .contains("uid of the deployment");
      assertThat(secret().<Object>get("data")).as("the password is gone").isNull();
      assertThat(one.failures()).isZero();
    }
  }

  /** A Deployment that a user made with the labels, or that another owns. */
  @Test
  void whatIsNotOursStays() throws IOException {
    try (OneRedis one = one(SPEC)) {
      one.objects.add(
          new DeploymentBuilder()
              .withNewMetadata()
              .withName(NAME)
              .withNamespace("ns")
              .withUid("theirs")
              .withLabels(Labels.ofExporter("x"))
              .withOwnerReferences(new Owner("other", "other").reference())
              .endMetadata()
              .build());
      one.pass();

      assertThat(one.api.requests()).noneMatch(request -> request.method().equals("DELETE"));
    }
  }

  private static io.slotkeeper.api.Redis withoutExporter() {
    return Serialization.unmarshal(SPEC, io.slotkeeper.api.Redis.class);
  }
}
