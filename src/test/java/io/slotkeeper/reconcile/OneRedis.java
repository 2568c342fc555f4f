package io.slotkeeper.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.kubernetes.ConfigMapCache;
import io.slotkeeper.kubernetes.EventPublisher;
import io.slotkeeper.kubernetes.EventSources;
import io.slotkeeper.kubernetes.ExporterObjects;
import io.slotkeeper.kubernetes.LiveKubernetesApi;
import io.slotkeeper.kubernetes.LiveObjectApi;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.kubernetes.PodEvents;
import io.slotkeeper.kubernetes.Retention;
import io.slotkeeper.kubernetes.TlsSecrets;
import io.slotkeeper.kubernetes.TolerantSerialization;
import io.slotkeeper.kubernetes.UserApi;
import io.slotkeeper.livesettings.LiveCertificates;
import io.slotkeeper.livesettings.LivePasswords;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.livesettings.PersistenceTransition;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.SentinelObserver;
import io.slotkeeper.operatorsettings.OperatorSettings;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PasswordGenerator;
import io.slotkeeper.testing.FakeApiServer;
import io.slotkeeper.testing.NoSentinels;
import io.slotkeeper.users.LiveUsers;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One Redis as its reconciler finds it: what the caches hold is up to the test, the API server is a
 * {@link FakeApiServer}, and the servers answer as the test says.
 */
final class OneRedis implements AutoCloseable {
  final FakeApiServer api = new FakeApiServer();

  /** What the caches hold. */
  final Collection<HasMetadata> objects = new ArrayList<>();

  /** The addresses of the servers that were asked. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** The passwords with which they were asked. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  /** What becomes of it when a server is asked. */
  Supplier<RedisNode> server =
      () -> {
        throw new RedisUnavailableException(Kind.REFUSED, "no process listens", null);
      };

  /** The RedisUsers of its namespace; empty where the API server does not know the kind. */
  Optional<List<RedisUser>> users = Optional.of(List.of());

  final UserExchange exchange = new UserExchange(_ -> {});

  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Redis redis;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ServerLiveness liveness = new ServerLiveness(_ -> {}, _ -> {});
  private final Passwords passwords;
  private final RedisReconciler reconciler;

  OneRedis(String yaml) throws IOException {
    redis = TolerantSerialization.serialization().unmarshal(yaml, Redis.class);
    objects.add(
        Serialization.unmarshal(
            """
            apiVersion: slotkeeper.io/v1alpha1
            kind: RedisVersion
            metadata: {name: "7.0"}
            spec: {engine: Redis, version: 7.0.15, image: "redis:7.0.15"}
            """,
            RedisVersion.class));
    Fanout fanout = new VirtualThreads();
    LiveKubernetesApi kubernetes = new LiveKubernetesApi(api.client());
    EventPublisher events = new EventPublisher(api.client(), "test", () -> now);
    RedisNodes nodes =
        endpoint -> {
          asked.add(endpoint.ip());
          logins.add(String.valueOf(endpoint.password()));
          return server.get();
        };
    Executor executor =
        new Executor(nodes, NoSentinels.NODES, kubernetes, fanout, () -> now, () -> now);
    PasswordsInUse passwordsInUse = new PasswordsInUse();
    passwords = new Passwords(api.client(), new PasswordGenerator(), () -> now);
    LiveSettings live = new LiveSettings(nodes, executor, fanout, () -> now);
    LivePasswords livePasswords =
        new LivePasswords(nodes, NoSentinels.NODES, executor, fanout, () -> now);
    ObjectApplier applier = new ObjectApplier(api.client(), fanout, () -> now);
    LiveCertificates liveCertificates =
        new LiveCertificates((_, _) -> Optional.empty(), executor, fanout, () -> now);
    CertificateResolver certificates =
        new CertificateResolver(
            new TlsSecrets(api.client(), () -> now), liveCertificates, () -> now);
    reconciler =
        new RedisReconciler(
            new EventSources(),
            new Pass(
                new Stages(new StageLog(registry)),
                new Observer(nodes, liveness, fanout, () -> now),
                new SentinelObserver(NoSentinels.NODES, liveness, fanout),
                new FailureReports(() -> now),
                executor,
                new RequeueDelays(Duration.ofSeconds(10), () -> now),
                () -> now),
            new DesiredStateResolver(
                new ConfigMapCache(api.client(), () -> now),
                passwords,
                passwordsInUse,
                livePasswords,
                certificates,
                live,
                OperatorSettings.from(Map.of()),
                () -> now),
            new Retention(new LiveObjectApi(api.client()), fanout),
            new Provisioning(
                applier, new ExporterObjects(new LiveObjectApi(api.client()), applier, () -> now)),
            new ForeignObjects(events::publish),
            new PodEvents(api.client(), () -> now),
            new StalledHandshakes(() -> now),
            liveness,
            passwordsInUse,
            live,
            new PasswordChanges(livePasswords, liveCertificates, executor, () -> now),
            new UserChanges(
                _ -> users,
                new LiveUsers(nodes, executor, fanout, () -> now),
                new UserApi(api.client(), new LiveObjectApi(api.client())),
                exchange,
                () -> now),
            new RunningPodChanges(new PersistenceTransition(nodes, fanout, () -> now)),
            new StatusReporter(
                new StatusCache(() -> now),
                kubernetes,
                events,
                new Metrics(registry, "test", Optional.of(new RedisMetrics(registry, () -> now))),
                () -> now),
            new PassMetrics(registry));
  }

  /** A pod of it that runs, at an address where no process of this machine listens. */
  void addPod(String name, String ip) {
    objects.add(
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %s
              namespace: %s
              uid: uid of %s
              creationTimestamp: "2025-01-01T00:00:00Z"
              labels:
                slotkeeper.io/redis: %s
                statefulset.kubernetes.io/pod-name: %s
            spec: {containers: [{name: redis}]}
            status:
              phase: Running
              podIP: %s
              containerStatuses: [{name: redis, ready: true, state: {running: {}}}]
            """
                .formatted(
                    name,
                    redis.getMetadata().getNamespace(),
                    name,
                    redis.getMetadata().getName(),
                    name,
                    ip),
            Pod.class));
  }

  /** One pass; the Redis has the status that it wrote. */
  UpdateControl<Redis> pass() {
    return reconciler.reconcile(redis, context());
  }

  /** How many stages have failed so far. */
  double failures() {
    return registry.find("slotkeeper.stage.failures").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** How many passes had this result. */
  long passes(String result) {
    return registry.get("slotkeeper.pass.duration").tag("result", result).timer().count();
  }

  /** How many times the servers were asked. */
  long looks() {
    return registry.get("slotkeeper.look.duration").timer().count();
  }

  /** The status after all that was written of it. */
  Optional<RedisStatus> status() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    for (FakeApiServer.Request patch : api.requests("PATCH", "/status")) {
      for (JsonNode operation : Serialization.unmarshal(patch.body(), JsonNode.class)) {
        String path = operation.path("path").asText();
        String field = path.substring(path.lastIndexOf('/') + 1);
        switch (operation.path("op").asText() + " " + (path.equals("/status") ? "" : field)) {
          case "test uid" -> {}
          case "add " -> status.removeAll().setAll((ObjectNode) operation.get("value"));
          default -> {
            if (operation.path("op").asText().equals("remove")) {
              status.remove(field);
            } else {
              status.set(field, operation.get("value"));
            }
          }
        }
      }
    }
    return status.isEmpty()
        ? Optional.empty()
        : Optional.of(Serialization.unmarshal(status.toString(), RedisStatus.class));
  }

  OwnedObjects secondary() {
    return new OwnedObjects(context(), Owner.of(redis), () -> passwords.secrets(redis));
  }

  @SuppressWarnings("unchecked")
  private Context<Redis> context() {
    return (Context<Redis>)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getSecondaryResources" -> of((Class<?>) arguments[0]);
                  case "isPrimaryResourceDeleted" -> false;
                  case "getSecondaryResource" -> of((Class<?>) arguments[0]).stream().findFirst();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Set<HasMetadata> of(@Nullable Class<?> kind) {
    return objects.stream()
        .filter(object -> kind != null && kind.isInstance(object))
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public void close() {
    liveness.close();
    api.close();
  }
}
