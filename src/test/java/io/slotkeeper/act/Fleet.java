package io.slotkeeper.act;

import io.slotkeeper.observe.Alarms;
import io.slotkeeper.observe.Balancing;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Role;
import io.slotkeeper.observe.ServerLines.Line;
import io.slotkeeper.observe.ShardMemory;
import io.slotkeeper.observe.Trail;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Planner;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.LettuceNodes;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.VirtualThreads;
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

  private static final List<Host> HOSTS =
      List.of(new Host("node-0", true, true), new Host("node-1", true, true));

  private final Topology topology;
  private final Cluster cluster = new Cluster("demo", "x", "uid", null);
  private final RedisServers servers;
  private final Map<String, RedisServer> pods = new HashMap<>();
  private final LettuceNodes nodes =
      new LettuceNodes( // with the operator's own timeouts
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(1),
          InstantSource.system());
  private final Observer observer;
  private final Alarms alarms = new Alarms(InstantSource.system());
  private final Executor executor;
  private final Map<String, Instant> createdAt = new HashMap<>();
  private final Map<String, NodeId> members = new ConcurrentHashMap<>();
  private final Map<String, Trail> trails = new ConcurrentHashMap<>();
  private final Map<String, NodeId> volumes = new ConcurrentHashMap<>();
  private final Map<String, Role> roles = new ConcurrentHashMap<>();
  private final Map<Integer, ShardMemory> shards = new HashMap<>();
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
          && plan.pace() == Pace.RESTING;
    }
  }

  Fleet(String version, int shards, int replicas) {
    topology = new Topology("x", shards, replicas, NODE_TIMEOUT);
    servers = new RedisServers(version, null);
    VirtualThreads fanout = new VirtualThreads();
    InstantSource clock = InstantSource.system();
    observer = new Observer(nodes, _ -> Line.OPEN, fanout, clock);
    executor = new Executor(nodes, kubernetes(), fanout, clock, clock);
    for (String pod : topology.pods()) {
      pods.put(pod, servers.start("cluster-require-full-coverage no", "appendfsync no"));
      createdAt.put(pod, Instant.now());
    }
  }

  private Kubernetes kubernetes() {
    return (Kubernetes)
        Proxy.newProxyInstance(
            Kubernetes.class.getClassLoader(),
            new Class<?>[] {Kubernetes.class},
            (_, method, arguments) -> {
              switch (method.getName()) {
                case "pods" -> {
                  return views();
                }
                case "hosts" -> {
                  return HOSTS;
                }
                case "volumes" -> {
                  return Map.copyOf(volumes);
                }
                case "remember" -> remember(arguments);
                case "markVolume" -> volumes.put((String) arguments[1], (NodeId) arguments[2]);
                case "label" -> roles.put((String) arguments[1], (Role) arguments[3]);
                default -> throw new UnsupportedOperationException(method.getName());
              }
              return null;
            });
  }

  @SuppressWarnings("unchecked")
  private void remember(Object[] arguments) {
    members.clear();
    members.putAll((Map<String, NodeId>) arguments[1]);
    trails.clear();
    trails.putAll((Map<String, Trail>) arguments[2]);
  }

  private List<PodView> views() {
    List<PodView> views = new ArrayList<>();
    for (int shard = 0; shard < topology.shards(); shard++) {
      for (int ordinal = 0; ordinal <= topology.replicas(); ordinal++) {
        views.add(view(shard, ordinal));
      }
    }
    return views;
  }

  private PodView view(int shard, int ordinal) {
    String name = topology.pod(shard, ordinal);
    RedisServer server = server(name);
    return new PodView(
            name,
            server.endpoint().owner(),
            shard,
            ordinal,
            server.ip(),
            HOSTS.get(ordinal % HOSTS.size()).name(),
            createdAt.getOrDefault(name, Instant.EPOCH),
            false,
            true,
            PodView.Container.RUNNING,
            null)
        .withRole(roles.getOrDefault(name, Role.NONE));
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
    Memory memory =
        new Memory(members, Map.copyOf(trails), volumes, shards, formed, Balancing.NONE);
    ClusterView view =
        alarms.noted(
            "uid", observer.observe(views(), memory, pods.keySet(), cluster.password()).on(HOSTS));
    Instant looked = Instant.now();
    Plan plan = Planner.plan(topology, view);
    List<Outcome> outcomes = executor.execute(cluster, plan);
    formed |= plan.health().covered();
    for (Health.Shard shard : plan.health().shards()) {
      shards.put(shard.index(), shard.memory());
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
