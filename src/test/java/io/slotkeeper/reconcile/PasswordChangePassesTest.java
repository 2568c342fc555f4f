package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.resources.ServerPasswords;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import io.slotkeeper.testing.NodeSnapshots;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of both Secrets, pass by pass, while servers take a new password or do not. */
class PasswordChangePassesTest {
  private final Map<String, Secret> secrets = new HashMap<>();
  private int version = 1;

  /** What the server accepts, and uses. */
  private Logins logins = new Logins(Set.of(), "");

  private @Nullable Response answer(Request request) {
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    if (!request.path().contains("/secrets")) {
      return null;
    }
    if (!request.method().equals("GET")) {
      Secret written = Serialization.unmarshal(request.body(), Secret.class);
      name = written.getMetadata().getName();
      secrets.put(
          name,
          new SecretBuilder(written)
              .editMetadata()
              .withUid("uid of " + name)
              .withResourceVersion(Integer.toString(++version))
              .endMetadata()
              .build());
    }
    return secrets.containsKey(name)
        ? new Response(200, Serialization.asJson(secrets.get(name)))
        : null;
  }

  private ServerPasswords in(String secret) {
    return ServerPasswords.in(Objects.requireNonNull(secrets.get(secret), secret)).orElseThrow();
  }

  private ServerPasswords served() {
    return in("x-server");
  }

  private String published() {
    return in("x-auth").current();
  }

  private void serverTakes(String used, String... accepted) {
    logins =
        new Logins(
            Set.of(accepted).stream().map(AcceptedPasswords::hash).collect(Collectors.toSet()),
            used);
  }

  private RedisNode server() {
    PasswordCommands commands =
        (PasswordCommands)
            Proxy.newProxyInstance(
                PasswordCommands.class.getClassLoader(),
                new Class<?>[] {PasswordCommands.class},
                (_, method, _) -> {
                  if (method.getReturnType().equals(Logins.class)) {
                    return logins;
                  }
                  throw new RedisUnavailableException(Kind.TIMEOUT, "it takes nothing", null);
                });
    return (RedisNode)
        Proxy.newProxyInstance(
            RedisNode.class.getClassLoader(),
            new Class<?>[] {RedisNode.class},
            (_, method, _) -> {
              if (method.getReturnType().equals(NodeSnapshot.class)) {
                return NodeSnapshots.of(NodeSnapshots.alone());
              }
              if (method.getReturnType().equals(PasswordCommands.class)) {
                return commands;
              }
              throw new RedisUnavailableException(Kind.TIMEOUT, "not of this test", null);
            });
  }

  private void passes(OneRedis one) {
    for (int i = 0; i < 3; i++) {
      one.now = one.now.plusSeconds(6);
      one.pass();
    }
  }

  @Test
  void aGeneratedOneIsServedThenTakenThenPublishedThenAlone() throws IOException {
    try (OneRedis one =
        new OneRedis(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: Redis
            metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
            spec:
              version: "7.0"
              mode: Cluster
              storageType: Ephemeral
              terminationPolicy: WipeOut
              cluster: {master: 1, replicas: 0}
            """)) {
      one.api.answer(this::answer);
      one.server = this::server;
      one.pass();
      String old = published();
      one.addPod("x-shard0-0", "127.1.2.3");
      serverTakes(old, old);
      passes(one);
      assertThat(served()).isEqualTo(ServerPasswords.of(old, ""));

      one.redis.getMetadata().setAnnotations(Map.of(PasswordResolver.ROTATE, "1"));
      passes(one);
      String current = served().current();
      assertThat(current).isNotEqualTo(old);
      assertThat(served().previous()).contains(old);
      assertThat(published()).as("no server has it yet").isEqualTo(old);
      assertThat(Set.copyOf(one.logins)).doesNotContain(current);

      serverTakes(current, old, current);
      passes(one);
      assertThat(published()).isEqualTo(current);
      assertThat(served().previous()).contains(old);

      one.now = one.now.plus(Duration.ofHours(1));
      passes(one);
      assertThat(served().current()).isEqualTo(current);
      assertThat(served().previous()).isEmpty();
      assertThat(one.logins.getLast()).isEqualTo(current);
    }
  }
}
