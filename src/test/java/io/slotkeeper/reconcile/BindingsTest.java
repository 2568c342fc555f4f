package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.BindingStatus;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import io.slotkeeper.testing.KubernetesObjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Secret for applications has the password that servers accept, and no other. */
class BindingsTest {
  private static final String SPEC =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
      spec:
        version: "7.0"
        mode: Cluster
        storageType: Ephemeral
        auth: {secretRef: {name: mine}}
        cluster: {master: 1, replicas: 0}
      """;
  private static final String BINDING = "x-binding";

  /** What the API server has, by name. */
  private final Map<String, Secret> secrets = new HashMap<>();

  private OneRedis one(String spec) throws IOException {
    OneRedis one = new OneRedis(spec);
    one.api.answer(this::answer);
    return one;
  }

  private @Nullable Response answer(Request request) {
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    if (!request.path().contains("/secrets")) {
      return null;
    }
    if (request.method().equals("GET")) {
      Secret found = secrets.get(name);
      return found == null ? null : new Response(200, Serialization.asJson(found));
    }
    Secret written = Serialization.unmarshal(request.body(), Secret.class);
    String key = written.getMetadata().getName();
    if (request.method().equals("POST") && secrets.containsKey(key)) {
      return new Response(409, "{\"kind\": \"Status\", \"reason\": \"AlreadyExists\"}");
    }
    secrets.put(key, written);
    return null;
  }

  private void put(String name, String type, String password) {
    secrets.put(
        name,
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("ns")
            .withUid("uid of " + name)
            .withResourceVersion("1")
            .withLabels(Labels.of("x"))
            .withOwnerReferences(new Owner("x", "uid of x").reference())
            .endMetadata()
            .withType(type)
            .withData(
                Map.of(
                    "password",
                    Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8))))
            .build());
  }

  private void putServed(String password) {
    put("x-server", "slotkeeper.io/server", password);
  }

  private void putBound(String password) {
    put(BINDING, "servicebinding.io/redis", password);
  }

  private void putWished(String password) {
    put("mine", "Opaque", password);
  }

  private Optional<String> bound() {
    return Optional.ofNullable(secrets.get(BINDING))
        .map(secret -> secret.getData().get("password"))
        .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
  }

  private static void addServer(OneRedis one) {
    one.objects.add(
        new StatefulSetBuilder(KubernetesObjects.statefulSet("x-shard0", 1))
            .editMetadata()
            .withLabels(Labels.of("x", 0))
            .withOwnerReferences(Owner.of(one.redis).reference())
            .endMetadata()
            .build());
    one.addPod("x-shard0-0", "127.1.2.3");
  }

  private static Optional<BindingStatus> told(OneRedis one) {
    return one.status().map(RedisStatus::binding);
  }

  private static Optional<String> warning(OneRedis one) {
    return one.status()
        .map(RedisStatus::conditions)
        .flatMap(found -> Conditions.find(found, ConditionType.ConfigurationWarning))
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(condition -> String.valueOf(condition.getMessage()));
  }

  @Test
  void itIsThereWithTheFirstServerAndTheStatusNamesIt() throws IOException {
    putWished("a");
    try (OneRedis one = one(SPEC)) {
      one.pass();

      assertThat(bound()).contains("a");
      assertThat(told(one)).contains(new BindingStatus(BINDING));
    }
  }

  @Test
  void withoutAuthenticationItHasNoPassword() throws IOException {
    try (OneRedis one = one(SPEC.replace("secretRef: {name: mine}", "disabled: true"))) {
      one.pass();

      assertThat(Objects.requireNonNull(secrets.get(BINDING)).getData())
          .containsKey("uri")
          .doesNotContainKey("password");
    }
  }

  /** The user's Secret was changed: the servers keep theirs, and so must applications. */
  @Test
  void aPasswordThatServersDoNotAcceptYetIsNotInIt() throws IOException {
    putWished("new");
    putServed("old");
    try (OneRedis one = one(SPEC)) {
      addServer(one);

      one.pass();

      assertThat(bound()).contains("old");
    }
  }

  @Test
  void itFollowsThePasswordThatServersAccept() throws IOException {
    putWished("a");
    putServed("a");
    putBound("edited");
    try (OneRedis one = one(SPEC)) {
      addServer(one);
      one.server = ServerPasswordTest::answering;

      one.pass();
      assertThat(bound()).as("no server was asked before").contains("edited");
      one.pass();

      assertThat(bound()).contains("a");
    }
  }

  @Test
  void whileServersRefuseWhatIsKnownItStays() throws IOException {
    putWished("b");
    putServed("b");
    putBound("a");
    try (OneRedis one = one(SPEC)) {
      addServer(one);
      one.server =
          () -> {
            throw new RedisUnavailableException(Kind.WRONG_PASSWORD, "WRONGPASS", null);
          };

      one.pass();
      one.pass();
      one.pass();

      assertThat(bound()).contains("a");
    }
  }

  @Test
  void onceAllServersHaveStoppedItHasTheNextOne() throws IOException {
    putWished("new");
    putServed("old");
    putBound("old");
    try (OneRedis one = one(SPEC + "  halted: true")) {
      one.pass();

      assertThat(bound()).contains("new");
    }
  }

  @Test
  void aSecretOfAnApplicationIsLeftAlone() throws IOException {
    putWished("a");
    Secret theirs =
        new SecretBuilder()
            .withNewMetadata()
            .withName(BINDING)
            .withNamespace("ns")
            .withUid("theirs")
            .endMetadata()
            .withType("servicebinding.io/redis")
            .withData(Map.of("password", "dGhlaXJz"))
            .build();
    secrets.put(BINDING, theirs);
    try (OneRedis one = one(SPEC)) {
      one.pass();

      assertThat(secrets.get(BINDING)).isEqualTo(theirs);
      assertThat(told(one)).isEmpty();
      assertThat(warning(one))
          .hasValueSatisfying(
              text -> assertThat(text).contains("Secret x-binding is not of this Redis"));
      assertThat(secrets).as("all else goes on").containsKey("x-server");
      assertThat(one.api.requests()).anyMatch(request -> request.path().contains("/statefulsets"));
    }
  }

  @Test
  void oneOfAnotherTypeIsNotItsOwn() throws IOException {
    putWished("a");
    put(BINDING, "Opaque", "b");
    try (OneRedis one = one(SPEC)) {
      one.pass();

      assertThat(bound()).contains("b");
      assertThat(told(one)).isEmpty();
      assertThat(warning(one)).isPresent();
    }
  }
}
