package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.ServerLoad;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Views for the tests of rules. {@link #formed} is a healthy cluster, {@link #blank} one that is
 * still to be formed; what is wrong is then changed, pod by pod.
 */
final class Views {
  static final RebalanceState MOVING = new RebalanceState(true, List.of(), Optional.empty());
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  final Topology topology;
  private final Map<String, Pod> pods = new HashMap<>();
  private final Set<String> claims = new HashSet<>();
  private final Map<String, NodeId> members = new HashMap<>();
  private final Map<Integer, List<String>> replicationIds = new HashMap<>();
  private final Map<Integer, RememberedShard.Owner> owners = new HashMap<>();
  private final Set<Integer> heldKeys = new HashSet<>();
  final Set<String> copies = new HashSet<>();
  private final Map<String, ServerLocations> locations = new HashMap<>();
  private final Map<String, NodeId> marks = new HashMap<>();
  private AcceptedLosses accepted = AcceptedLosses.NONE;
  private final List<KubernetesNode> kubernetesNodes = new ArrayList<>();
  private boolean formed;
  private RebalanceState balancing = RebalanceState.NONE;
  private Topology wanted;
  String version = "7.0.15";
  ServerLoad load = ServerLoad.NONE;
  private long greatestEpoch = 90; // of the destinations of moves

  /** One pod and its server. */
  static final class Pod {
    final String name;
    NodeId id;
    @Nullable String ip;
    Container container = Container.RUNNING;

    /** Null: it answers. */
    @Nullable Kind silence;

    boolean lost;
    boolean absent;
    Instant createdAt = NOW.minusSeconds(5);
    long keys;
    long usedMemory = 1;
    long maxMemory;
    long nodeTimeout = 5000;
    long currentEpoch = 100;
    @Nullable String diskError;
    boolean linkUp = true;
    long linkDownSeconds = -1;
    long offset = 1000;
    String replicationId;
    @Nullable String masterHost;
    @Nullable Integer sampleSlot;
    PodRole role = PodRole.NONE;
    Map<NodeId, Line> table = new HashMap<>();

    /** Slots that are open, and the node that each is to go to. */
    Map<Integer, NodeId> migrating = new HashMap<>();

    /** The same, and the node that each comes from. */
    Map<Integer, NodeId> importing = new HashMap<>();

    private Pod(String name, NodeId id, String ip) {
      this.name = name;
      this.id = id;
      this.ip = ip;
      replicationId = "of " + id;
    }

    Pod silent(Kind kind) {
      silence = kind;
      return this;
    }

    Line line(Pod other) {
      return Objects.requireNonNull(table.get(other.id));
    }
  }

  private Views(int shards, int replicas) {
    topology = new Topology("x", shards, replicas, 5000);
    wanted = topology;
    topology.pods().forEach(this::start);
  }

  private Pod start(String name) {
    int number = pods.size() + 1;
    Pod pod = new Pod(name, id(number), "10.0.0." + number);
    pods.put(name, pod);
    claims.add(name);
    return pod;
  }

  static NodeId id(int number) {
    return new NodeId("%040x".formatted(number));
  }

  /** Servers that know no other. */
  static Views blank(int shards, int replicas) {
    Views views = new Views(shards, replicas);
    for (Pod pod : views.pods.values()) {
      pod.table.put(pod.id, Line.at(pod.ip));
    }
    return views;
  }

  /** A healthy cluster; the master of each shard is its pod 0. */
  static Views formed(int shards, int replicas) {
    Views views = new Views(shards, replicas);
    views.formed = true;
    for (int shard = 0; shard < shards; shard++) {
      Pod master = views.pod(shard, 0);
      views.replicationIds.put(shard, List.of(master.replicationId));
      views.owned(shard, master, shard + 1L);
      for (int ordinal = 0; ordinal <= replicas; ordinal++) {
        Pod pod = views.pod(shard, ordinal);
        pod.keys = 100;
        pod.role = ordinal == 0 ? PodRole.MASTER : PodRole.REPLICA;
        pod.masterHost = ordinal == 0 ? null : master.ip;
        pod.replicationId = master.replicationId;
        views.members.put(pod.name, pod.id);
        for (Pod other : views.pods.values()) {
          Line line = Line.at(pod.ip);
          line.epoch = shard + 1L;
          line.master = ordinal == 0 ? null : master.id;
          line.slots = ordinal == 0 ? views.topology.firstSlots(shard) : SlotSet.NONE;
          other.table.put(pod.id, line);
        }
      }
    }
    return views;
  }

  /** Another size is wanted of the cluster as it is. */
  Views wanting(int shards, int replicas) {
    return wanting(shards, replicas, SlotMovePolicy.DEFAULT);
  }

  Views wanting(int shards, int replicas, SlotMovePolicy moves) {
    wanted = new Topology("x", shards, replicas, 5000, moves);
    return this;
  }

  Views balancing(RebalanceState remembered) {
    balancing = remembered;
    return this;
  }

  /** The pods that are wanted and do not exist yet start: servers that know no other. */
  Views started() {
    wanted.pods().stream()
        .filter(name -> !pods.containsKey(name))
        .forEach(name -> {
          Pod pod = start(name);
          pod.table.put(pod.id, Line.at(pod.ip));
        });
    return this;
  }

  /** They have been introduced, follow the pod 0 of their shard, and slots are to move. */
  Views joined() {
    started();
    balancing = wanted.equals(topology) ? RebalanceState.NONE : MOVING;
    for (Pod pod : pods.values()) {
      if (members.containsKey(pod.name)) {
        continue;
      }
      members.put(pod.name, pod.id);
      Pod master = Objects.requireNonNull(pods.get(pod.name.replaceAll("-\\d+$", "-0")));
      if (master != pod) {
        pod.masterHost = master.ip;
        pod.replicationId = master.replicationId;
        pod.role = PodRole.REPLICA;
      }
      for (Pod other : pods.values()) {
        Line line = Line.at(pod.ip);
        line.master = master == pod ? null : master.id;
        other.table.put(pod.id, line);
        if (other != pod) {
          pod.table.put(other.id, other.line(other).copy());
        }
      }
    }
    return this;
  }

  /** All servers know that slots have moved from one master to another. */
  Views moved(int from, int to, SlotSet slots) {
    long epoch = ++greatestEpoch;
    everywhere(pod(from, 0), line -> line.slots = line.slots.minus(slots));
    everywhere(
        pod(to, 0),
        line -> {
          line.slots = line.slots.plus(slots);
          line.epoch = epoch;
        });
    return this;
  }

  /** Another pod of the shard has become its master, and all servers know. */
  Views failedOver(int shard, int ordinal) {
    SlotSet slots = pod(shard, 0).line(pod(shard, 0)).slots;
    Pod next = pod(shard, ordinal);
    for (Pod pod : pods.values()) {
      if (pod.name.startsWith("x-shard" + shard + "-")) {
        pod.masterHost = pod == next ? null : next.ip;
        pod.replicationId = next.replicationId;
        pod.role = pod == next ? PodRole.MASTER : PodRole.REPLICA;
        everywhere(
            pod,
            line -> {
              line.epoch = 50;
              line.master = pod == next ? null : next.id;
              line.slots = pod == next ? slots : SlotSet.NONE;
            });
      }
    }
    return this;
  }

  /** Changes what every server thinks of a node, its own included. */
  void everywhere(Pod pod, Consumer<Line> change) {
    pods.values().stream()
        .map(other -> other.table.get(pod.id))
        .filter(Objects::nonNull)
        .forEach(change);
  }

  Pod pod(int shard, int ordinal) {
    return pod(topology.pod(shard, ordinal));
  }

  Pod pod(String name) {
    return Objects.requireNonNull(pods.get(name));
  }

  Views with(int shard, int ordinal, Consumer<Pod> change) {
    change.accept(pod(shard, ordinal));
    return this;
  }

  /** The same for all of them. */
  Views each(Consumer<Pod> change) {
    pods.values().forEach(change);
    return this;
  }

  /** Another volume: a new node that knows no other. */
  Views replaced(int shard, int ordinal, int newId) {
    Pod pod = pod(shard, ordinal);
    pod.id = id(newId);
    pod.keys = 0;
    pod.table = new HashMap<>(Map.of(pod.id, Line.at(pod.ip)));
    pod.replicationId = "of " + pod.id;
    return this;
  }

  /** Every server that answers thinks so of a pod's node. */
  Views marked(int shard, int ordinal, Flag flag) {
    Pod pod = pod(shard, ordinal);
    pods.values().stream()
        .filter(other -> other != pod && other.table.containsKey(pod.id))
        .forEach(other -> other.line(pod).flags.add(flag));
    return this;
  }

  /** Nothing was ever written, and formation is not over. */
  Views unwritten() {
    formed = false;
    pods.values().forEach(pod -> pod.keys = 0);
    return this;
  }

  Views forgotten() {
    members.clear();
    owners.clear();
    return this;
  }

  Views remembers(int shard, int ordinal, NodeId id) {
    members.put(topology.pod(shard, ordinal), id);
    return this;
  }

  /** The replication ids that a shard's data was seen under. */
  Views knows(int shard, List<String> ids) {
    replicationIds.put(shard, ids);
    return this;
  }

  Views withoutClaim(int shard, int ordinal) {
    claims.remove(topology.pod(shard, ordinal));
    return this;
  }

  /** The claim of a pod, of those that exist or another, is marked with an id. */
  Views marks(String pod, NodeId id) {
    marks.put(pod, id);
    return this;
  }

  /** A machine; the pods of each ordinal {@code i} are on {@code node-i}. */
  Views host(KubernetesNode node) {
    kubernetesNodes.add(node);
    return this;
  }

  /** The annotation says so. */
  Views accepting(String losses) {
    accepted = AcceptedLosses.parse(losses);
    return this;
  }

  /** The owner of a shard's first slots that was seen last. */
  Views owned(int shard, Pod owner, long epoch) {
    SlotSet slots = topology.firstSlots(shard);
    return owners(all -> all.put(shard, new RememberedShard.Owner(owner.id, epoch, slots)));
  }

  Views owners(Consumer<Map<Integer, RememberedShard.Owner>> change) {
    change.accept(owners);
    return this;
  }

  /** The owner had keys when it last answered. */
  Views heldKeys(int shard) {
    heldKeys.add(shard);
    return this;
  }

  Plan plan() {
    return ClusterPlanner.plan(wanted, seen());
  }

  ClusterView seen() {
    List<Member> there =
        pods.values().stream()
            .filter(pod -> !pod.absent)
            .map(pod -> Snapshots.member(pod, version))
            .toList();
    Map<Integer, RememberedShard> shards = new HashMap<>();
    replicationIds.forEach((shard, ids) ->
        shards.put(
            shard, new RememberedShard(owners.get(shard), ids, copies, heldKeys.contains(shard))));
    Remembered remembered = new Remembered(members, trails(), marks, shards, formed, balancing);
    return new ClusterView(NOW, there, remembered, claims)
        .withAcceptedLosses(accepted)
        .withNodes(kubernetesNodes)
        .withLoad(load);
  }

  /** Each pod is where it was, unless a test says otherwise. */
  private Map<String, ServerLocations> trails() {
    Map<String, ServerLocations> all = new HashMap<>();
    members.keySet().forEach(pod -> all.put(pod, trail(pod.substring(pod.length() - 1))));
    all.putAll(locations);
    return all;
  }

  Views ranOn(int shard, int ordinal, String... machines) {
    locations.put(topology.pod(shard, ordinal), new ServerLocations(Set.of(machines), Map.of()));
    return this;
  }

  private static ServerLocations trail(String node) {
    return new ServerLocations(Set.of("node-" + node), Map.of());
  }
}
