package io.slotkeeper.simulation.standalone;

import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.reconcile.Goal;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.Disk;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Platform;
import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.ServerProcess;
import io.slotkeeper.simulation.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A primary and its replicas on the platform, and the applications that write to them. */
class StandaloneWorld extends Platform {
  private static final int TICK = 100;
  static final int OTHERS = 2;

  final Setting setting;
  final Write nothing = Write.nothing();
  final Ledger ledger;
  final Services services;
  final Files files;

  /** Until then data is sent and loaded slowly. */
  long slowUntil;

  /** Until then a replica is late, by so much. */
  long lateUntil;

  private final List<Server> servers = new ArrayList<>();

  /** Its own, so that how much clients write does not decide what else happens. */
  private final Chance network;

  StandaloneWorld(Setting setting, Trace trace) {
    super(setting.scenario(), trace);
    this.setting = setting;
    network = new Chance(setting.scenario().seed() ^ 0x4E7);
    ledger = new Ledger(this);
    services = new Services(this);
    files = new Files(this);
    Chance applications = new Chance(setting.scenario().seed() ^ 0xC11E47);
    for (int i = 0; i < setting.applications(); i++) {
      String node = applications.oneIn(4) ? null : "node-" + applications.between(0, 3);
      new Client(this, i, node, applications);
    }
    after(TICK, this::tick);
  }

  private void tick() {
    for (Server server : chance.shuffled(servers)) {
      server.tick();
    }
    services.tick();
    ledger.tick();
    after(TICK, this::tick);
  }

  /** What a new connection of a client ends at. */
  @Nullable Server door(int client, @Nullable String node, Chance chance) {
    return services.writable(node, chance);
  }

  /** A stop script has handed over to the server that this one follows now. */
  void handedOver(Server former) {}

  /** Another server has been elected, as far as this one can ask. */
  boolean isSuperseded(Server primary) {
    return false;
  }

  /** Why it cannot end yet, although the operator has nothing to do; null for nothing. */
  @Nullable String unsettled() {
    return null;
  }

  /** The user wants another number of replicas. */
  void wish(int replicas) {
    wanted =
        new Topology(
            wanted.name(),
            wanted.mode(),
            1,
            replicas,
            wanted.nodeTimeoutMillis(),
            wanted.moves(),
            wanted.updates());
    trace.add(now, () -> "the user wants %d replicas".formatted(replicas));
    api.changed();
  }

  @Override
  public Topology wanted() {
    return wanted.updating(new UpdatePolicy(true, scenario.durable(), Instant.EPOCH));
  }

  List<Server> servers() {
    return servers;
  }

  List<Server> ours() {
    return servers.stream().filter(server -> server.pod.owner == Pod.Owner.OURS).toList();
  }

  @Nullable Server listening(String ip) {
    return processAt(ip) instanceof Server server && server.serving() ? server : null;
  }

  /** How long a write is on its way to a replica. */
  long lag(Server replica) {
    return now < lateUntil ? network.between(100, 3000) : network.between(1, 4);
  }

  /** How long a full synchronization takes to send, or to load. */
  long transfer() {
    return now < slowUntil ? network.between(1000, 8000) : network.between(20, 400);
  }

  /**
   * What it acknowledges can get to others: to a replica, or at least to the knowledge of the
   * operator. One that is cut off from all of them, by its machine or link by link, goes on alone.
   */
  boolean isHeard(Server server) {
    List<Server> others = ours().stream().filter(other -> other != server).toList();
    return !nodes.isCut(server.pod)
        && (others.isEmpty()
            || linked(server.pod.name, OperatorProcess.NAME)
            || others.stream().anyMatch(other -> linked(other, server)));
  }

  /** A client can talk to a pod. */
  boolean reaches(@Nullable String node, Pod pod) {
    return pod.node.equals(node) || !(nodes.isCut(pod) || (node != null && nodes.isCut(node)));
  }

  /** Packets to an address are answered, if only with a reset. */
  boolean isAnsweredFor(String ip, Server from) {
    ServerProcess there = processAt(ip);
    return there != null ? linked(from, there) : pods.refuses(ip);
  }

  @Override
  protected void started(ServerProcess server) {
    if (server instanceof Server one) {
      servers.add(one);
    }
    super.started(server);
  }

  @Override
  protected void ended(ServerProcess server) {
    super.ended(server);
    if (server instanceof Server one) {
      servers.remove(one);
      ledger.ended(one);
      ledger.destroyed("memory of " + one);
    }
  }

  @Override
  protected RedisNode node(OperatorProcess operator, Endpoint endpoint) {
    return new ModelNode(operator, endpoint);
  }

  /** Whether any server takes writes that the operator and clients elsewhere can reach. */
  @Override
  protected Set<?> unserved() {
    boolean served =
        ours().stream()
            .anyMatch(server -> server.serving() && server.isMaster() && !nodes.isCut(server.pod));
    return served ? new java.util.HashSet<>() : new java.util.HashSet<>(Set.of("writes"));
  }

  @Override
  protected Disk newDisk() {
    return new Store(setting.kept(), nothing);
  }

  @Override
  protected ServerProcess newServer(Pod pod, Disk disk, String ip) {
    pod.passing = false;
    Server server = new Server(this, pod, (Store) disk, ip);
    after(chance.between(300, 2000), () -> probe(server));
    return server;
  }

  /** The operator has had no time since, and gets it from now on. */
  void disturbed() {
    ledger.calmSince = Math.max(ledger.calmSince, now);
  }

  @Override
  protected void probe(Pod pod) {
    if (pod.server instanceof Server server && !pod.passing) {
      after(chance.between(20, 300), () -> runProbe(server));
    }
  }

  private void probe(Server server) {
    runProbe(server);
    if (server.phase != ServerProcess.Phase.ENDED) {
      after(chance.between(1000, 4000), () -> probe(server));
    }
  }

  /** The readiness probe; two failures in a row count. */
  private void runProbe(Server server) {
    if (server.phase == ServerProcess.Phase.ENDED) {
      return;
    }
    boolean ready = server.isReady();
    server.failedProbes = ready ? 0 : server.failedProbes + 1;
    boolean passing = ready || (server.pod.passing && server.failedProbes < 2);
    if (passing != server.pod.passing) {
      server.pod.passing = passing;
      containers.report(server.pod);
    }
  }

  @Override
  protected void guard(ServerProcess process, Runnable load) {
    Server server = (Server) process;
    if (server.pod.owner == Pod.Owner.OURS) {
      Roles.take(server, load);
    } else {
      server.replication.begin("127.0.0.1", 1);
      load.run();
    }
  }

  @Override
  protected boolean losesClaims() {
    return !setting.isPlanned();
  }

  @Override
  protected boolean mends(Pod pod) {
    return true;
  }

  @Override
  protected void applyFiles(OperatorProcess operator, Goal goal, int most) {
    files.apply(operator, most);
  }

  @Override
  protected void stop(Pod pod, Runnable gone) {
    Server server = Server.in(pod);
    if (server == null) {
      gone.run();
    } else {
      StopScript.run(server, gone);
    }
  }

  @Override
  protected void replace(Pod pod) {
    ledger.mayReplace(pod);
    pod.replaced = true;
    pods.delete(pod, false);
  }

  @Override
  protected void mayShrink(int shard, int size) {
    ledger.mayShrink(size);
  }

  @Override
  protected void mayRemove(int shard) {
    throw new io.slotkeeper.simulation.Violation("the only shard is removed");
  }

  @Override
  protected @Nullable NodeId idToAdopt(Pod pod) {
    return null;
  }

  @Override
  protected void destroyed(String what) {
    ledger.destroyed(what);
  }

  @Override
  protected void thinned() {
    ledger.thinned();
  }

  /** Everything that is, for the end of a trace. */
  String dump() {
    StringBuilder text = new StringBuilder();
    for (Server server : servers) {
      text.append(
          "%s at %s on %s %s: %s, %s, %s, label %s%n"
              .formatted(
                  server,
                  server.ip,
                  server.pod.node,
                  server.phase,
                  server.data,
                  server.replication,
                  server.store,
                  server.pod.role));
    }
    return text.append(ledger).toString();
  }
}
