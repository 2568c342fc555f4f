package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.mode.cluster.plan.ClusterPlanner;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.model.ServerConnections.ConnectionState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.NoSentinels;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Real servers as if each were in a pod, and the operator's own look, plan and act on them. Of
 * Kubernetes there is only what a pass asks of it.
 */
final class Fleet implements AutoCloseable {
  static final long NODE_TIMEOUT = 5000;

  private static final List<KubernetesNode> HOSTS =
      List.of(new KubernetesNode("node-0", true, true), new KubernetesNode("node-1", true, true));

  private final Topology topology;
  private final RedisRef ref = new RedisRef("demo", "x", "uid", null);
  private final RedisServers servers;
  private final Map<String, RedisServer> pods = new HashMap<>();
  private final LettuceNodes nodes =
      new LettuceNodes( // with the operator's own timeouts
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(1),
          InstantSource.system());
  private final Observer observer;
  private final FailureReports failureReports = new FailureReports(InstantSource.system());
  private final Executor executor;
  private final Map<String, Instant> createdAt = new HashMap<>();
  private final Map<String, NodeId> members = new ConcurrentHashMap<>();
  private final Map<String, ServerLocations> locations = new ConcurrentHashMap<>();
  private final Map<String, NodeId> volumes = new ConcurrentHashMap<>();
  private final Map<String, PodRole> roles = new ConcurrentHashMap<>();
  private final Map<Integer, RememberedShard> shards = new HashMap<>();
  private boolean formed;

  /**
   * One pass.
   *
   * @param outcomes of what it did
   */
  record Pass(Plan plan, List<Outcome> outcomes, Duration looking, Duration acting) {
    Pass {
      outcomes = List.copyOf(outcomes);
    }

    /** The status could say that the cluster is formed, whole and as it is to stay. */
    boolean isDone(int replicas) {
      Health health = plan.health();
      return health.covered()
          && health.settled()
          && health.complete(replicas)
          && plan.pace() == RequeuePace.RESTING;
    }
  }

  Fleet(String version, int shards, int replicas) {
    topology = new Topology("x", shards, replicas, NODE_TIMEOUT);
    servers = new RedisServers(version, null);
    VirtualThreads fanout = new VirtualThreads();
    InstantSource clock = InstantSource.system();
    observer = new Observer(nodes, _ -> ConnectionState.ASK, fanout, clock);
    executor = new Executor(nodes, NoSentinels.NODES, kubernetes(), fanout, clock, clock);
    for (String pod : topology.pods()) {
      pods.put(pod, servers.start("cluster-require-full-coverage no", "appendfsync no"));
      createdAt.put(pod, Instant.now());
    }
  }

  private KubernetesApi kubernetes() {
    return (KubernetesApi)
        Proxy.newProxyInstance(
            KubernetesApi.class.getClassLoader(),
            new Class<?>[] {KubernetesApi.class},
            (_, method, arguments) -> {
              switch (method.getName()) {
                case "pods" -> {
                  return views();
                }
                case "nodes" -> {
                  return HOSTS;
                }
                case "annotatedClaims" -> {
                  return Map.copyOf(volumes);
                }
                case "recordMembers" -> remember(arguments);
                case "annotateClaim" -> volumes.put((String) arguments[1], (NodeId) arguments[2]);
                case "label" -> roles.put((String) arguments[1], (PodRole) arguments[3]);
                default -> throw new UnsupportedOperationException(method.getName());
              }
              return null;
            });
  }

  @SuppressWarnings("unchecked")
  private void remember(Object[] arguments) {
    members.clear();
    members.putAll((Map<String, NodeId>) arguments[1]);
    locations.clear();
    locations.putAll((Map<String, ServerLocations>) arguments[2]);
  }

  private List<PodState> views() {
    List<PodState> views = new ArrayList<>();
    for (int shard = 0; shard < topology.shards(); shard++) {
      for (int ordinal = 0; ordinal <= topology.replicas(); ordinal++) {
        views.add(view(shard, ordinal));
      }
    }
    return views;
  }

  private PodState view(int shard, int ordinal) {
    String name = topology.pod(shard, ordinal);
    RedisServer server = server(name);
    return new PodState(
            name,
            server.endpoint().owner(),
            shard,
            ordinal,
            server.ip(),
            HOSTS.get(ordinal % HOSTS.size()).name(),
            createdAt.getOrDefault(name, Instant.EPOCH),
            false,
            true,
            PodState.Container.RUNNING,
            null)
        .withRole(roles.getOrDefault(name, PodRole.NONE));
  }

  RedisServer server(String pod) {
    RedisServer server = pods.get(pod);
    if (server == null) {
      throw new IllegalArgumentException(pod);
    }
    return server;
  }

  Set<String> pods() {
    return pods.keySet();
  }

  Pass pass() {
    Instant began = Instant.now();
    Remembered remembered =
        new Remembered(
            members, Map.copyOf(locations), volumes, shards, formed, RebalanceState.NONE);
    ClusterView view =
        failureReports.observe(
            "uid",
            observer.observe(views(), remembered, pods.keySet(), ref::server).withNodes(HOSTS));
    Instant looked = Instant.now();
    Plan plan = ClusterPlanner.plan(topology, view);
    List<Outcome> outcomes = executor.execute(ref, plan);
    formed |= plan.health().covered();
    for (Health.Shard shard : plan.health().shards()) {
      shards.put(shard.index(), shard.remembered());
    }
    return new Pass(
        plan, outcomes, Duration.between(began, looked), Duration.between(looked, Instant.now()));
  }

  /** All pods are deleted without grace: each comes back at another address, with its volume. */
  void replaceAll() {
    pods.values().forEach(RedisServer::kill);
    pods.forEach((name, server) -> {
      server.restartElsewhere();
      createdAt.put(name, Instant.now());
      roles.remove(name);
    });
  }

  @Override
  public void close() {
    nodes.close();
    servers.close();
  }
}
