package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run of a server process, from its start to its end. */
final class Server extends ServerProcess {
  final World world;
  final Volume volume;
  NodeId id;
  final Map<NodeId, Line> table = new LinkedHashMap<>();
  Line self;

  /** Ids that gossip must not bring back, until when. */
  final Map<NodeId, Long> banned = new LinkedHashMap<>();

  /** Slots on their way from here, and where to; replicas have none, and do not hear of them. */
  final Map<Integer, NodeId> migrating = new TreeMap<>();

  /** Slots on their way to here, and where from. */
  final Map<Integer, NodeId> importing = new TreeMap<>();

  final Bus bus = new Bus(this);
  final SlotNews news = new SlotNews(this);
  final Election election = new Election(this);
  final Replication replication;
  final StateCheck state;

  /** When it last became a master. */
  long promotedAt;

  long nodeTimeout;
  long currentEpoch;
  long lastVoteEpoch;

  Server(World world, Pod pod, Volume volume, String ip) {
    super(world, pod, volume, ip);
    this.world = world;
    this.volume = volume;
    nodeTimeout = world.scenario.nodeTimeout();
    replication = new Replication(this);
    state = new StateCheck(this);
    if (volume.id == null) {
      volume.id = world.newId(pod.owner);
    }
    id = Objects.requireNonNull(volume.id);
    currentEpoch = volume.currentEpoch;
    lastVoteEpoch = volume.lastVoteEpoch;
    volume.nodes.forEach(line -> table.put(line.id, line.persisted(world.now)));
    self = table.computeIfAbsent(id, i -> new Line(i, ip, world.now));
    migrating.putAll(volume.migrating);
    importing.putAll(volume.importing);
    self.ip = ip; // cluster-announce-ip
    self.noAddress = false;
    self.fail = false;
  }

  /**
   * Loaded (verifyClusterConfigWithData): slots that it has keys for and that have no owner are its
   * own, and others it imports.
   */
  @Override
  public void serve() {
    super.serve();
    volume.writtenAt = 0;
    volume.read();
    for (int slot : List.copyOf(volume.data.keySet())) {
      Line owner = ownerOf(slot);
      if (!self.master || owner == self || importing.containsKey(slot)) {
        continue;
      }
      if (owner == null) {
        self.slots = self.slots.plus(SlotSet.of(slot));
      } else {
        importing.put(slot, owner.id);
      }
    }
  }

  @Override
  public void end() {
    super.end();
    volume.currentEpoch = currentEpoch;
    volume.lastVoteEpoch = lastVoteEpoch;
    volume.migrating = Map.copyOf(migrating);
    volume.importing = shownImporting();
    volume.nodes =
        table.values().stream()
            .filter(line -> !line.handshake)
            .map(line -> line.persisted(world.now))
            .toList();
  }

  @Override
  protected void killed() {
    if (!world.scenario.durable()) {
      volume.clear();
      world.ledger.destroyed("memory of " + this);
    } else {
      UnwrittenWrites.lose(this);
    }
  }

  /** What runs in a pod. */
  static @Nullable Server in(Pod pod) {
    return (Server) pod.server;
  }

  /** In CLUSTER NODES and nodes.conf, a slot that is marked both ways is only on its way out. */
  Map<Integer, NodeId> shownImporting() {
    Map<Integer, NodeId> shown = new TreeMap<>(importing);
    shown.keySet().removeAll(migrating.keySet());
    return shown;
  }

  void tick() {
    banned.values().removeIf(until -> until <= world.now);
    bus.cron();
    election.cron();
    replication.cron();
    state.update();
  }

  @Nullable Line line(NodeId node) {
    Line line = table.get(node);
    return line == null || line.handshake ? null : line;
  }

  @Nullable Line ownerOf(int slot) {
    for (Line line : table.values()) {
      if (line.slots.contains(slot)) {
        return line;
      }
    }
    return null;
  }

  /** Learns of a node: the moment at which two clusters would merge. */
  Line learn(NodeId node, @Nullable String at) {
    world.mayKnowEachOther(this, node);
    Line line = new Line(node, at, world.now);
    table.put(node, line);
    return line;
  }

  void drop(NodeId node) {
    Line gone = table.remove(node);
    if (gone != null) {
      news.released(gone.slots);
    }
    migrating.values().removeIf(node::equals);
    importing.values().removeIf(node::equals);
    table.values().forEach(line -> line.reports.remove(node));
  }

  /** Masters with slots, living or not: they are the voters. */
  int size() {
    int size = 0;
    for (Line line : table.values()) {
      if (line.votes()) {
        size++;
      }
    }
    return size;
  }

  int majority() {
    return size() / 2 + 1;
  }

  /** A write that replicas and the AOF hear of. */
  void write(int slot, int version) {
    volume.put(slot, version);
    replication.wrote();
  }

  void restore(int slot, int version) {
    volume.restore(slot, version);
    replication.wrote();
  }

  void delete(int slot) {
    if (volume.version(slot) > 0) {
      volume.delete(slot);
      replication.wrote();
    }
  }

  void close(SlotSet slots) {
    migrating.keySet().removeIf(slots::contains);
    importing.keySet().removeIf(slots::contains);
  }

  /** clusterReset, HARD; of a replica the copy goes, too. */
  void reset() {
    if (!self.master) {
      volume.clear();
      volume.followed = null;
    }
    id = world.newId(pod.owner);
    volume.id = id;
    news.released(SlotSet.ALL);
    table.clear();
    self = new Line(id, ip, world.now);
    table.put(id, self);
    migrating.clear();
    importing.clear();
    currentEpoch = 0;
    lastVoteEpoch = 0;
  }

  /** A greater epoch than any it knows, without a vote. */
  void bumpEpoch() {
    long max = currentEpoch;
    for (Line line : table.values()) {
      max = Math.max(max, line.epoch);
    }
    if (self.epoch == 0 || self.epoch != max) {
      currentEpoch++;
      self.epoch = currentEpoch;
    }
  }

  void follow(@Nullable NodeId master) {
    close(SlotSet.ALL);
    self.becomeReplica(master);
    replication.redirect();
  }

  /**
   * Takes over the slots of its master (clusterFailoverReplaceYourMaster), and tells all others.
   */
  void replaceMaster() {
    Line old = self.replicaOf == null ? null : line(self.replicaOf);
    SlotSet slots = old == null ? SlotSet.NONE : old.slots;
    self.becomeMaster();
    promotedAt = world.now;
    news.assign(self, slots);
    replication.becomeMaster();
    state.update();
    bus.broadcast();
  }

  @Override
  public String toString() {
    return pod.name + "/" + id.brief();
  }
}
