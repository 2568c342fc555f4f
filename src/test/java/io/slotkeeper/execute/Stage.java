package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import io.slotkeeper.testing.NoSentinels;
import io.slotkeeper.testing.NodeSnapshots;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the executor finds when it acts: pods with servers that answer, each change of which is
 * written down. A master {@code m} with all slots and its replica {@code r}; a test changes what
 * has become of them since the plan was made.
 */
final class Stage {
  static final NodeId MASTER = id(1);
  static final NodeId REPLICA = id(2);

  final Map<String, Pod> pods = new HashMap<>();

  final List<KubernetesNode> kubernetesNodes =
      new ArrayList<>(List.of(new KubernetesNode("node-1", true, true)));

  /** Pods that have lost the labels of the Redis. */
  final Map<String, Pod> unlabelled = new HashMap<>();

  /** When kubelets last renewed their Leases. */
  final Map<String, Instant> heartbeats = new HashMap<>();

  /** How much time passes each time the executor looks at its clock. */
  Duration tick = Duration.ZERO;

  /** How long each answer of the API server takes. */
  Duration kubernetesTakes = Duration.ZERO;

  private Duration passed = Duration.ZERO;
  private Duration ticked = Duration.ZERO;
  private final TreeMap<Duration, Runnable> events = new TreeMap<>();

  /** The node ids on claims. */
  final Map<String, NodeId> marks = new HashMap<>();

  /** The claims, by pod. */
  final Map<String, ClaimState> claims = new HashMap<>();

  /** What the API server says against the deletion of a pod; null where it deletes it. */
  @Nullable String objection;

  /** What the API server answers to a change; null where it takes it. */
  @Nullable RuntimeException refusal;

  /** The commands that changed something, like "r failover GRACEFUL". */
  final List<String> commands = new ArrayList<>();

  SentinelNodes sentinels = NoSentinels.NODES;

  private final Executor executor =
      new Executor(
          endpoint -> node(endpoint.ip()),
          endpoint -> sentinels.at(endpoint),
          kubernetes(),
          new AtOnce(),
          () -> Instant.EPOCH,
          this::tick);

  /** A pod and the server in it. */
  static final class Pod {
    final String name;
    NodeId id;
    boolean terminating;

    /** How long each of its answers takes, or it takes to give up on it. */
    Duration takes = Duration.ZERO;

    /** Which run of its server this is: connections end with it. */
    int run;

    boolean silent;
    boolean refuses;
    PodState.Container container = PodState.Container.RUNNING;
    boolean ready = true;
    boolean started = true;
    String resourceVersion = "7";
    Map<String, String> settings = Map.of("appendonly", "yes", "save", "");
    boolean saving;
    boolean saveFailed;
    long lastSave = 100;
    boolean linkUp = true;
    long lag;
    boolean stateOk = true;
    boolean clustered = true;
    long epoch = 1;
    long offset = 1000;
    long keys = 7;
    String replicationId = "x";
    @Nullable NodeId master;
    SlotSet slots = SlotSet.NONE;
    Map<Integer, NodeId> migrating = Map.of();

    /** The others' lines. */
    final List<ClusterNode> others = new ArrayList<>();

    private Pod(String name, NodeId id) {
      this.name = name;
      this.id = id;
    }
  }

  /** In order, and as if at once: it takes as long as the slowest. */
  private final class AtOnce implements Fanout {
    @Override
    public <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function) {
      Duration before = passed;
      Duration end = passed;
      List<R> results = new ArrayList<>();
      for (T item : items) {
        passed = before;
        results.add(function.apply(item));
        end = passed.compareTo(end) > 0 ? passed : end;
      }
      passed = end;
      return results;
    }
  }

  Stage() {
    Pod master = add("m", MASTER);
    master.slots = SlotSet.ALL;
    Pod replica = add("r", REPLICA);
    replica.master = MASTER;
    master.others.add(line(REPLICA, MASTER, SlotSet.NONE));
    replica.others.add(line(MASTER, null, SlotSet.ALL));
  }

  /** The same without cluster support: a primary {@code m} and its replica {@code r}. */
  static Stage standalone() {
    Stage stage = new Stage();
    stage.pods.values().forEach(pod -> pod.clustered = false);
    return stage;
  }

  static NodeId id(int number) {
    return new NodeId("%040x".formatted(number));
  }

  static ClusterNode line(NodeId id, @Nullable NodeId master, SlotSet slots, Flag... flags) {
    Set<Flag> all = EnumSet.of(master == null ? Flag.MASTER : Flag.REPLICA, flags);
    return new ClusterNode(id, null, all, master, 1, true, slots, Map.of(), Map.of());
  }

  Pod add(String name, NodeId id) {
    Pod pod = new Pod(name, id);
    pods.put(name, pod);
    return pod;
  }

  Pod pod(String name) {
    return Objects.requireNonNull(pods.get(name));
  }

  ServerRef target(String name) {
    return new ServerRef(name, "uid of " + name, "ip of " + name, pod(name).id);
  }

  void pass(Duration time) {
    passed = passed.plus(time);
    while (!events.isEmpty() && events.firstKey().compareTo(passed) <= 0) {
      events.pollFirstEntry().getValue().run();
    }
  }

  /** Something happens at a time from the beginning. */
  void at(long millis, Runnable event) {
    events.put(Duration.ofMillis(millis), event);
  }

  private Instant tick() {
    ticked = ticked.plus(tick);
    return Instant.EPOCH.plus(passed).plus(ticked);
  }

  /** What becomes of one action. */
  Outcome execute(Action action) {
    return execute(List.of(List.of(action))).getFirst();
  }

  /** What becomes of the actions of these steps that are begun. */
  List<Outcome> execute(List<List<Action>> steps) {
    Plan plan =
        new Plan(
            steps, List.of(), new Health(SlotSet.NONE, false, true, List.of()), RequeuePace.EAGER);
    return executor.execute(new RedisRef("ns", "x", "uid", null), plan);
  }

  private KubernetesApi kubernetes() {
    return (KubernetesApi)
        Proxy.newProxyInstance(
            KubernetesApi.class.getClassLoader(),
            new Class<?>[] {KubernetesApi.class},
            (_, method, arguments) -> {
              pass(kubernetesTakes);
              return switch (method.getName()) {
                case "recordMembers" -> {
                  commands.add("record " + ((Map<?, ?>) arguments[1]).keySet());
                  yield null;
                }
                case "pods" -> pods.values().stream().map(Stage::view).toList();
                case "podNamed" ->
                    Optional.ofNullable(unlabelled.get(String.valueOf(arguments[1])))
                        .map(Stage::view);
                case "claims" -> Map.copyOf(claims);
                case "deletePod" -> {
                  if (objection == null) {
                    commands.add("delete " + arguments[1]);
                  }
                  yield Optional.ofNullable(objection);
                }
                case "annotatedClaims" -> Map.copyOf(marks);
                case "nodes" -> List.copyOf(kubernetesNodes);
                case "removeShard" -> {
                  commands.add("remove shard " + arguments[1]);
                  yield null;
                }
                case "recordPrimary" -> {
                  commands.add("record shard " + arguments[1]);
                  yield null;
                }
                case "label" -> {
                  if (refusal != null) {
                    throw refusal;
                  }
                  commands.add("label " + arguments[1] + " " + arguments[3]);
                  yield null;
                }
                case "heartbeat" ->
                    Optional.ofNullable(heartbeats.get(String.valueOf(arguments[0])));
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }

  private static PodState view(Pod pod) {
    return new PodState(
        pod.name,
        "uid of " + pod.name,
        0,
        0,
        "ip of " + pod.name,
        "node-1",
        Instant.EPOCH,
        pod.terminating,
        pod.ready,
        pod.container,
        null,
        pod.resourceVersion,
        "old",
        pod.started,
        pod.ready);
  }

  private RedisNode node(String ip) {
    String name = ip.substring("ip of ".length());
    Pod pod = unlabelled.get(name);
    return server(pod == null ? pod(name) : pod, RedisNode.class, null);
  }

  /**
   * @param held the run of the server that it must be; null for any
   */
  private <T> T server(Pod pod, Class<T> type, @Nullable Integer held) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (method.getName().equals("held")) {
                return server(pod, type, pod.run);
              }
              pass(pod.takes);
              if (held != null && held != pod.run) {
                throw new RedisUnavailableException(Kind.CLOSED, "closed", null);
              }
              if (pod.refuses) {
                throw new RedisUnavailableException(Kind.REFUSED, "nobody listens", null);
              }
              if (pod.silent) {
                throw new RedisUnavailableException(Kind.TIMEOUT, "no answer", null);
              }
              return switch (method.getName()) {
                case "look" -> look(pod);
                case "myId" -> pod.id;
                case "getConfig" -> pod.settings;
                case "persistence" -> persistence(pod);
                case "slots" -> server(pod, SlotCommands.class, held);
                default -> {
                  Object argument =
                      arguments == null ? "" : " " + Arrays.asList(arguments).getFirst();
                  commands.add(pod.name + " " + method.getName() + argument);
                  yield null;
                }
              };
            }));
  }

  private static Persistence persistence(Pod pod) {
    boolean aof = "yes".equals(pod.settings.get("appendonly"));
    String save = pod.settings.getOrDefault("save", "");
    return new Persistence(
        "run", aof, false, false, pod.saving, pod.saveFailed, pod.lastSave, save);
  }

  /** As the master lists them: each that follows one. */
  private List<NodeSnapshot.Copy> replicas() {
    return pods.values().stream()
        .filter(pod -> pod.master != null)
        .map(pod -> new NodeSnapshot.Copy("ip of " + pod.name, 6379, true, pod.offset, pod.lag))
        .toList();
  }

  private NodeSnapshot look(Pod pod) {
    boolean master = pod.master == null;
    List<ClusterNode> nodes = new ArrayList<>(pod.others);
    nodes.add(
        new ClusterNode(
            pod.id,
            null,
            EnumSet.of(Flag.MYSELF, master ? Flag.MASTER : Flag.REPLICA),
            pod.master,
            pod.epoch,
            true,
            pod.slots,
            pod.migrating,
            Map.of()));
    NodeSnapshot.Replication replication =
        master
            ? NodeSnapshots.master(pod.offset, pod.replicationId).withReplicas(replicas())
            : NodeSnapshots.replica("ip of m", pod.linkUp, -1, pod.offset, pod.replicationId);
    if (!pod.clustered) {
      return new NodeSnapshot(
          new NodeSnapshot.Server(
              pod.id.value(),
              pod.keys,
              NodeSnapshot.Engine.VALKEY,
              "9.1.0",
              1,
              0,
              16,
              replication,
              null),
          null);
    }
    return new NodeSnapshot(
        NodeSnapshots.server(NodeSnapshot.Engine.REDIS, "7.0.15", pod.keys, replication),
        new NodeSnapshot.Cluster(new ClusterTable(nodes), pod.stateOk, 1, 5000, null));
  }
}
