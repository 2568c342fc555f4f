package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.kubernetes.TolerantSerialization;
import io.slotkeeper.redis.AclState;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.resources.ServedUsers;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import io.slotkeeper.testing.NodeSnapshots;
import io.slotkeeper.users.UserReport;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes over a Redis make of its RedisUsers. */
class UserPassesTest {
  private static final String HASH = "0".repeat(64);

  private final Map<String, Secret> secrets = new HashMap<>();
  private final Map<String, AclUser> server = new HashMap<>();
  private OneRedis one;
  private int version = 1;

  @BeforeEach
  void start() throws IOException {
    one =
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
            """);
    one.api.answer(this::answer);
    one.server = this::node;
    passes();
    one.addPod("x-shard0-0", "127.1.2.3");
  }

  @AfterEach
  void end() {
    one.close();
  }

  private synchronized @Nullable Response answer(Request request) {
    if (request.is("GET", "/pods")) { // the second look
      List<Pod> pods =
          one.objects.stream().filter(Pod.class::isInstance).map(Pod.class::cast).toList();
      return new Response(200, Serialization.asJson(new PodListBuilder().withItems(pods).build()));
    }
    if (!request.path().contains("/secrets")) {
      return null;
    }
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    if (request.method().equals("PATCH") && request.body().contains("users.acl")) {
      JsonNode data = Serialization.unmarshal(request.body(), JsonNode.class).get("data");
      SecretBuilder merged =
          new SecretBuilder(secrets.get(name))
              .editMetadata()
              .withResourceVersion(Integer.toString(++version))
              .endMetadata();
      data.properties()
          .forEach(entry -> {
            merged.removeFromData(entry.getKey());
            if (!entry.getValue().isNull()) {
              merged.addToData(entry.getKey(), entry.getValue().asText());
            }
          });
      secrets.put(name, merged.build());
    } else if (!request.method().equals("GET")) {
      Secret written = Serialization.unmarshal(request.body(), Secret.class);
      name = written.getMetadata().getName();
      Map<String, String> data = new HashMap<>();
      if (secrets.containsKey(name)) {
        data.putAll(secrets.get(name).getData());
      }
      data.putAll(written.getData());
      secrets.put(
          name,
          new SecretBuilder(written)
              .editMetadata()
              .withUid("uid of " + name)
              .withResourceVersion(Integer.toString(++version))
              .endMetadata()
              .withData(data)
              .build());
    }
    return secrets.containsKey(name)
        ? new Response(200, Serialization.asJson(secrets.get(name)))
        : null;
  }

  private RedisNode node() {
    UserCommands users =
        new UserCommands() {
          @Override
          public Set<String> names() {
            Set<String> names = new HashSet<>(server.keySet());
            names.add("default");
            return names;
          }

          @Override
          public Map<String, AclState> states(Collection<String> names) {
            Map<String, AclState> states = new HashMap<>();
            server.forEach((name, user) ->
                states.put(
                    name, new AclState(user.on(), Set.of(user.hash()), user.rules().toString())));
            states.keySet().retainAll(names);
            return states;
          }

          @Override
          public Map<List<String>, Trial> tryOut(Collection<List<String>> rules) {
            Map<List<String>, Trial> trials = new HashMap<>();
            rules.forEach(one -> trials.put(one, new Trial.Accepted(one.toString())));
            return trials;
          }

          @Override
          public void set(Collection<AclUser> users) {
            users.forEach(user -> server.put(user.name(), user));
          }

          @Override
          public void remove(Collection<String> names) {
            server.keySet().removeAll(names);
          }
        };
    return (RedisNode)
        Proxy.newProxyInstance(
            RedisNode.class.getClassLoader(),
            new Class<?>[] {RedisNode.class},
            (proxy, method, _) -> {
              if (method.getReturnType().equals(NodeSnapshot.class)) {
                return NodeSnapshots.of(NodeSnapshots.alone());
              }
              if (method.getReturnType().equals(NodeId.class)) {
                return new NodeId("0".repeat(40));
              }
              if (method.getReturnType().equals(UserCommands.class)) {
                return users;
              }
              if (method.getReturnType().equals(RedisNode.class)) {
                return proxy;
              }
              throw new RedisUnavailableException(Kind.TIMEOUT, "not of this test", null);
            });
  }

  private static RedisUser user(String spec) {
    RedisUser user =
        TolerantSerialization.serialization()
            .unmarshal(
                """
                apiVersion: slotkeeper.io/v1alpha1
                kind: RedisUser
                metadata: {name: app, namespace: ns, uid: uid of app, generation: 1}
                spec: %s
                """
                    .formatted(spec),
                RedisUser.class);
    return Objects.requireNonNull(user);
  }

  private void passes() {
    for (int i = 0; i < 4; i++) {
      one.now = one.now.plusSeconds(6);
      one.pass();
    }
  }

  private ServedUsers served() {
    return ServedUsers.in(Objects.requireNonNull(secrets.get("x-server")));
  }

  private void give() {
    one.users = Optional.of(List.of(user("{redisRef: {name: x}, rules: ['+get ~a:*']}")));
    one.exchange.offer("uid of app", new ResourceID("x", "ns"), HASH);
    passes();
  }

  @Test
  void aUserIsWrittenThenGivenToTheServer() {
    one.users = Optional.of(List.of(user("{redisRef: {name: x}, rules: ['+get ~a:*']}")));
    passes();
    assertThat(served().users()).as("its password is not known yet").isEmpty();

    give();
    assertThat(served().users()).containsOnlyKeys("app");
    assertThat(server.get("app"))
        .isEqualTo(new AclUser("app", HASH, true, List.of("+get", "~a:*")));
    assertThat(one.exchange.reported("uid of app"))
        .get()
        .extracting(UserReport::applied, UserReport::servers)
        .containsExactly(1, 1);
    assertThat(one.exchange.binding(new ResourceID("x", "ns"))).isPresent();
    assertThat(one.failures()).isZero();
  }

  @Test
  void aUserThatIsGoneIsRemoved() {
    give();
    one.users = Optional.of(List.of());
    passes();

    assertThat(served().users()).isEmpty();
    assertThat(served().removed()).containsOnlyKeys("app");
    assertThat(server).isEmpty();
  }

  /** That none was heard of means nothing where the API server does not know the kind. */
  @Test
  void withoutTheKindNothingIsRemoved() {
    give();
    one.users = Optional.empty();
    passes();

    assertThat(served().users()).containsOnlyKeys("app");
    assertThat(server).containsOnlyKeys("app");
  }

  @Test
  void whatCannotBeReadKeepsItsUser() {
    give();
    RedisUser unreadable = user("{redisRef: {name: x}, rules: {no: list}}");
    assertThat(unreadable.getUnreadable()).startsWith("spec.rules");
    one.users = Optional.of(List.of(unreadable));
    passes();

    assertThat(server).containsOnlyKeys("app");
    assertThat(one.failures()).isZero();
  }

  /** The schema refuses these; what is stored under another one is not trusted. */
  @Test
  void noUserOfTheOperatorIsTouched() {
    for (String name : List.of("default", "slotkeeper-operator", "a b")) {
      RedisUser hostile = user("{redisRef: {name: x}, username: '%s'}".formatted(name));
      assertThat(hostile.getUnreadable()).as(name).startsWith("spec");
    }
    RedisUser hostile = user("{redisRef: {name: x}, rules: ['nopass']}");
    hostile.getMetadata().setName("default");
    one.users = Optional.of(List.of(hostile));
    one.exchange.offer("uid of app", new ResourceID("x", "ns"), HASH);
    passes();

    assertThat(server).isEmpty();
    assertThat(served().users()).isEmpty();
  }
}
