package io.slotkeeper.simulation;

import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Virtual time, the network, and everything that runs. */
final class World {
  private static final int TICK = 100;

  private record Event(long at, long number, Runnable action) {}

  final Scenario scenario;
  final Chance chance;
  final Trace trace;
  final Ledger ledger;
  final ApiServer api;
  final Claims claims;
  final StatefulSets pods;
  final Nodes nodes;
  final Templates templates;
  long now;

  /** Until when ids are forgotten, by whomever. */
  final Map<NodeId, Long> forgets = new HashMap<>();

  /** Not while the user has deleted it. */
  boolean exists = true;

  /** As the user wants it at this moment. */
  Topology wanted;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Map<String, Server> byIp = new HashMap<>();
  private final List<Server> servers = new ArrayList<>();
  private final Map<NodeId, Pod.Owner> owners = new HashMap<>();
  private final Set<Set<String>> cuts = new HashSet<>();
  private long number;
  private boolean inside;

  World(Scenario scenario, Trace trace) {
    this.scenario = scenario;
    this.trace = trace;
    chance = new Chance(scenario.seed());
    wanted = scenario.topology();
    ledger = new Ledger(this);
    api = new ApiServer(this);
    claims = new Claims(this);
    pods = new StatefulSets(this);
    nodes = new Nodes(this);
    templates = new Templates(this);
    after(TICK, this::tick);
  }

  /** With what the operator knows of updates. */
  Topology wanted() {
    return scenario.updates()
        ? wanted.updating(new UpdatePolicy(true, scenario.durable(), Instant.EPOCH))
        : wanted;
  }

  void after(long millis, Runnable action) {
    events.add(new Event(now + millis, number++, action));
  }

  /** Lets time pass, and everything happen that is due. */
  void advance(long millis) {
    long until = now + millis;
    if (inside) {
      now = until; // a late command of a former leader: the rest of the world is in the middle
      return;
    }
    inside = true;
    try {
      while (!events.isEmpty() && events.peek().at() <= until) {
        Event event = Objects.requireNonNull(events.poll());
        now = Math.max(now, event.at());
        event.action().run();
      }
    } finally {
      inside = false;
    }
    now = Math.max(now, until);
  }

  private void tick() {
    for (Server server : chance.shuffled(servers)) {
      if (server.serving()) {
        server.tick();
      }
    }
    ledger.clients();
    ledger.check();
    after(TICK, this::tick);
  }

  NodeId newId(Pod.Owner owner) {
    NodeId id = chance.id();
    owns(owner, id);
    return id;
  }

  void owns(Pod.Owner owner, NodeId id) {
    owners.put(id, owner);
  }

  Pod.Owner ownerOf(NodeId id) {
    return Objects.requireNonNull(owners.get(id), id::value);
  }

  boolean isForeign(Server server, Server other) {
    return ownerOf(server.id) != ownerOf(other.id);
  }

  void mayKnowEachOther(Server server, NodeId other) {
    if (ownerOf(server.id) != ownerOf(other)) {
      throw new Violation("two clusters merge: " + server + " learns of " + other.brief());
    }
  }

  void started(Server server) {
    servers.add(server);
    byIp.put(server.ip, server);
  }

  void ended(Server server) {
    server.end();
    servers.remove(server);
    byIp.remove(server.ip, server);
  }

  List<Server> servers() {
    return servers;
  }

  /** The process in the pod that has this address, whatever its phase. */
  @Nullable Server processAt(String ip) {
    return byIp.get(ip);
  }

  @Nullable Server listening(String ip) {
    Server server = byIp.get(ip);
    return server != null && server.serving() ? server : null;
  }

  boolean linked(Server a, Server b) {
    return nodes.linked(a.pod, b.pod) && linked(a.pod.name, b.pod.name);
  }

  boolean linked(String a, String b) {
    return cuts.isEmpty() || a.equals(b) || !cuts.contains(Set.of(a, b));
  }

  void cut(String a, String b) {
    cuts.add(Set.of(a, b));
  }

  void heal(String a, String b) {
    cuts.remove(Set.of(a, b));
  }

  void healAll() {
    cuts.clear();
  }

  /** Whether one server takes the other's password. */
  boolean trusts(Server asked, Server asking) {
    return !scenario.auth() || asked.pod.owner == asking.pod.owner;
  }

  /** Those a server knows and reaches now. */
  List<Server> reachableFrom(Server server) {
    List<Server> reachable = new ArrayList<>();
    for (Line line : server.table.values()) {
      if (line == server.self || line.handshake || line.ip == null) {
        continue;
      }
      Server peer = listening(line.ip);
      if (peer != null && peer.id.equals(line.id) && linked(server, peer)) {
        reachable.add(peer);
      }
    }
    return reachable;
  }

  /** Everything that is, for the end of a trace. */
  String dump() {
    StringBuilder text = new StringBuilder();
    for (Server server : servers) {
      text.append(
          "%s at %s %s ok=%s nt=%d epoch=%d replicating=%s offset=%d data=%s%n"
              .formatted(
                  server,
                  server.ip,
                  server.phase,
                  server.state.ok(),
                  server.nodeTimeout,
                  server.currentEpoch,
                  server.replication.isUp(),
                  server.replication.offset,
                  server.volume.data));
      for (Line line : server.table.values()) {
        text.append("    ").append(line).append('\n');
      }
    }
    return text.toString();
  }
}
