package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import io.slotkeeper.testing.NodeSnapshots;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Secret that servers start with: while there are servers, it has the password of these. */
class ServerPasswordTest {
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

  /** What the API server has: Secrets by name. */
  private final Map<String, String> secrets = new HashMap<>();

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
      return secrets.containsKey(name)
          ? new Response(200, Serialization.asJson(secret(name, secrets.get(name))))
          : null;
    }
    Secret written = Serialization.unmarshal(request.body(), Secret.class);
    if (!name.equals("x-binding") && !written.getMetadata().getName().equals("x-binding")) {
      secrets.put(written.getMetadata().getName(), text(written));
    }
    return null;
  }

  private static Secret secret(String name, String password) {
    return Serialization.unmarshal(
        """
        kind: Secret
        apiVersion: v1
        type: %s
        metadata:
          name: %s
          namespace: ns
          uid: uid of %2$s
          resourceVersion: "1"
          labels: {app.kubernetes.io/managed-by: slotkeeper, slotkeeper.io/redis: x}
          ownerReferences: [{kind: Redis, name: x, uid: uid of x, controller: true}]
        data: {password: %s}
        """
            .formatted(
                name.equals("x-server") ? "slotkeeper.io/server" : "kubernetes.io/basic-auth",
                name,
                Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8))),
        Secret.class);
  }

  private static String text(Secret secret) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get("password")), StandardCharsets.UTF_8);
  }

  /** In the order in which the API server got them: the objects that were created or applied. */
  private static List<String> written(OneRedis one) {
    return one.api.requests().stream()
        .filter(request -> List.of("POST", "PATCH").contains(request.method()))
        .filter(request ->
            request.path().contains("/secrets") || request.path().contains("/statefulsets"))
        .map(request -> Serialization.unmarshal(request.body(), GenericKubernetesResource.class))
        .map(object -> object.getKind() + " " + object.getMetadata().getName())
        .filter(object -> !object.equals("Secret x-binding"))
        .distinct()
        .toList();
  }

  private static StatefulSet shard(int replicas) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: x-shard0
          namespace: ns
          uid: uid of shard
          labels: {slotkeeper.io/redis: x, slotkeeper.io/shard: "0"}
          ownerReferences: [{kind: Redis, name: x, uid: uid of x, controller: true}]
        spec: {replicas: %d}
        """
            .formatted(replicas),
        StatefulSet.class);
  }

  private static Optional<String> applied(OneRedis one) {
    return one.status()
        .map(RedisStatus::conditions)
        .flatMap(conditions -> Conditions.find(conditions, ConditionType.ConfigurationApplied))
        .map(condition -> String.valueOf(condition.getReason()));
  }

  @Test
  void itIsThereBeforeAServerIs() throws IOException {
    secrets.put("mine", "a");
    try (OneRedis one = one(SPEC)) {
      one.pass();

      assertThat(written(one)).containsExactly("Secret x-server", "StatefulSet x-shard0");
      assertThat(secrets).containsEntry("x-server", "a");
    }
  }

  @Test
  void aGeneratedOneIsInBoth() throws IOException {
    try (OneRedis one = one(SPEC.replace("auth: {secretRef: {name: mine}}", "auth: {}"))) {
      one.pass();

      assertThat(secrets).containsOnlyKeys("x-auth", "x-server");
      assertThat(secrets.get("x-server")).isEqualTo(secrets.get("x-auth")).hasSize(32);
    }
  }

  @Test
  void withoutAuthenticationItIsThereAndEmpty() throws IOException {
    try (OneRedis one = one(SPEC.replace("secretRef: {name: mine}", "disabled: true"))) {
      one.pass();

      assertThat(secrets).isEqualTo(Map.of("x-server", ""));
    }
  }

  /** An operator that has just started knows of no server that accepts what it is to replace. */
  @Test
  void aPasswordThatTheUserChangesReachesNoServerBeforeOneHasAnswered() throws IOException {
    secrets.put("mine", "new");
    secrets.put("x-server", "old");
    try (OneRedis one = one(SPEC)) {
      one.objects.add(shard(1));
      one.pass();
      one.addPod("x-shard0-0", "127.1.2.3");
      one.pass();

      assertThat(secrets).containsEntry("x-server", "old");
    }
  }

  @Test
  void onceAllServersHaveStoppedTheNextStartWithTheNewOne() throws IOException {
    secrets.put("mine", "new");
    secrets.put("x-server", "old");
    try (OneRedis one = one(SPEC + "  halted: true")) {
      one.objects.add(shard(0));
      one.addPod("x-shard0-0", "127.1.2.3");
      one.pass();
      assertThat(secrets).as("one still runs").containsEntry("x-server", "old");
      one.objects.removeIf(object -> object.getKind().equals("Pod"));

      one.pass();

      assertThat(secrets).containsEntry("x-server", "new");
    }
  }

  /** It was deleted, or the pods have an older template; and the user's has been changed. */
  @Test
  void whatNoServerAcceptsIsNotWhatTheNextOneStartsWith() throws IOException {
    secrets.put("mine", "new");
    try (OneRedis one = one(SPEC)) {
      one.objects.add(shard(1));
      one.addPod("x-shard0-0", "127.1.2.3");
      one.server =
          () -> {
            throw new RedisUnavailableException(Kind.WRONG_PASSWORD, "WRONGPASS", null);
          };

      one.pass();

      assertThat(written(one)).isEmpty();
    }
  }

  @Test
  void whatServersAcceptIsWhatTheNextOneStartsWith() throws IOException {
    secrets.put("mine", "a");
    try (OneRedis one = one(SPEC)) {
      one.objects.add(shard(1));
      one.addPod("x-shard0-0", "127.1.2.3");
      one.server = ServerPasswordTest::answering;

      one.pass();

      assertThat(written(one)).startsWith("Secret x-server", "StatefulSet x-shard0");
      assertThat(secrets).containsEntry("x-server", "a");
    }
  }

  static RedisNode answering() {
    return (RedisNode)
        Proxy.newProxyInstance(
            RedisNode.class.getClassLoader(),
            new Class<?>[] {RedisNode.class},
            (_, method, _) -> {
              if (method.getReturnType().equals(NodeSnapshot.class)) {
                return NodeSnapshots.of(NodeSnapshots.alone());
              }
              throw new RedisUnavailableException(Kind.TIMEOUT, "not of this test", null);
            });
  }

  /** Where no server runs, none can be asked, and none would ever start. */
  @Test
  void withoutARunningServerItIsMadeAgain() throws IOException {
    secrets.put("mine", "a");
    try (OneRedis one = one(SPEC)) {
      one.objects.add(shard(1));

      one.pass();

      assertThat(secrets).containsEntry("x-server", "a");
    }
  }

  @Test
  void serversAreLookedAfterWhileTheUsersIsMissing() throws IOException {
    secrets.put("x-server", "old");
    try (OneRedis one = one(SPEC)) {
      one.objects.add(shard(1));
      one.addPod("x-shard0-0", "127.1.2.3");

      one.pass();

      assertThat(applied(one)).contains("SecretNotFound");
      assertThat(one.asked).contains("127.1.2.3");
      assertThat(one.logins).contains("old");
    }
  }
}
