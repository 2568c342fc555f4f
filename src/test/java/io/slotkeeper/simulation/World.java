package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster on the platform: its servers, and what its clients wrote. */
final class World extends Platform {
  private static final int TICK = 100;

  final Ledger ledger;

  /** Until when ids are forgotten, by whomever. */
  final Map<NodeId, Long> forgets = new HashMap<>();

  private final List<Server> servers = new ArrayList<>();
  private final Map<NodeId, Pod.Owner> owners = new HashMap<>();

  World(Scenario scenario, Trace trace) {
    super(scenario, trace);
    ledger = new Ledger(this);
    after(TICK, this::tick);
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

  @Override
  protected void started(ServerProcess server) {
    servers.add((Server) server);
    super.started(server);
  }

  @Override
  protected void ended(ServerProcess server) {
    super.ended(server);
    servers.remove((Server) server);
  }

  /** What all pods need together, with one for each lost pod of a shard. */
  int addresses() {
    int most = scenario.scales() ? Resizing.MOST_PODS : wanted.pods().size();
    int shards = scenario.scales() ? Resizing.MOST_MASTERS : wanted.shards();
    return most + (scenario.updates() ? shards : 0) + OtherRedis.PODS;
  }

  List<Server> servers() {
    return servers;
  }

  /** Every volume that exists, attached or not, but for those that were let go. */
  List<Volume> volumes() {
    return Volume.all(claims.volumes());
  }

  @Nullable Server listening(String ip) {
    return processAt(ip) instanceof Server server && server.serving() ? server : null;
  }

  @Override
  protected RedisNode node(OperatorProcess operator, Endpoint endpoint) {
    return new ModelNode(operator, this, endpoint);
  }

  @Override
  protected Set<?> unserved() {
    return Statuses.unserved(this);
  }

  @Override
  protected Disk newDisk() {
    return new Volume();
  }

  @Override
  protected ServerProcess newServer(Pod pod, Disk disk, String ip) {
    return new Server(this, pod, (Volume) disk, ip);
  }

  @Override
  protected void guard(ServerProcess process, Runnable load) {
    Server server = (Server) process;
    if (scenario.guarded() && StartScript.holdsBack(server)) {
      server.phase = ServerProcess.Phase.GUARDED;
      trace.add(now, () -> "server " + server + " is held back");
      after(200, () -> new StartScript(server).ask(load));
    } else if (scenario.guarded() && UnwrittenWrites.holdsBack(server)) {
      server.phase = ServerProcess.Phase.GUARDED;
      after(200, () -> new UnwrittenWrites(server, load).ask());
    } else {
      load.run();
    }
  }

  @Override
  protected boolean mends(Pod pod) {
    return StartScript.mends(this, pod);
  }

  @Override
  protected void replace(Pod pod) {
    Replacements.mayReplace(this, pod);
    PreStop.replace(this, pod);
  }

  @Override
  protected void mayShrink(int shard, int size) {
    Invariants.mayShrink(this, shard, size);
  }

  @Override
  protected void mayRemove(int shard) {
    Invariants.mayRemove(this, shard);
  }

  @Override
  protected @Nullable NodeId idToAdopt(Pod pod) {
    Volume volume = Volume.of(pod);
    NodeId id = volume == null ? null : volume.id;
    return id != null && ownerOf(id) == Pod.Owner.OURS ? id : null;
  }

  @Override
  protected void destroyed(String what) {
    ledger.destroyed(what);
  }

  @Override
  protected void thinned() {
    ledger.thinned();
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
