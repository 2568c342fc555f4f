package io.slotkeeper.simulation;

import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands, with the servers' answers and errors (cluster_legacy.c, Redis 7). */
final class ModelNode implements RedisNode {
  private static final int BAN = 60_000;
  private static final Functions NO_FUNCTIONS = new Functions(new byte[0]);

  private final OperatorProcess operator;
  private final World world;
  private final Endpoint endpoint;
  private final OperatorProcess.@Nullable Held held;

  ModelNode(OperatorProcess operator, World world, Endpoint endpoint) {
    this(operator, world, endpoint, null);
  }

  private ModelNode(
      OperatorProcess operator,
      World world,
      Endpoint endpoint,
      OperatorProcess.@Nullable Held held) {
    this.operator = operator;
    this.world = world;
    this.endpoint = endpoint;
    this.held = held;
  }

  @Override
  public RedisNode held() {
    return new ModelNode(operator, world, endpoint, new OperatorProcess.Held());
  }

  @Override
  public NodeSnapshot look() {
    operator.ask();
    Server server = connect();
    List<ClusterNode> nodes = new ArrayList<>();
    server
        .table
        .values()
        .forEach(line -> nodes.add(line.told(line == server.self ? server : null)));
    return new NodeSnapshot(
        NodeSnapshots.server(
            NodeSnapshot.Engine.REDIS,
            "7.0.15",
            server.volume.data.size(),
            server.replication.told()),
        new NodeSnapshot.Cluster(
            new ClusterTable(nodes),
            server.state.ok(),
            server.currentEpoch,
            server.nodeTimeout,
            null));
  }

  @Override
  public @Nullable Integer sampleSlot() {
    operator.ask();
    return connect().volume.data.keySet().stream().findFirst().orElse(null);
  }

  @Override
  public NodeId myId() {
    operator.ask();
    return connect().id;
  }

  private Server connect() {
    return (Server) operator.connect(endpoint, held);
  }

  private void change(String what, Consumer<Server> command) {
    operator.spend(what + " on " + endpoint.owner() + "@" + endpoint.ip());
    Server server = connect();
    command.accept(server);
    operator.replied();
  }

  @Override
  public void meet(NodeAddress target) {
    change("MEET " + target.ip(), server -> server.bus.shakeHands(target.ip(), true));
  }

  @Override
  public void setConfigEpoch(long epoch) {
    change(
        "SET-CONFIG-EPOCH " + epoch,
        server -> {
          if (server.table.size() > 1) {
            throw new RedisErrorException(
                "ERR The user can assign a config epoch only when the node does not know any other node.");
          }
          if (server.self.epoch != 0) {
            throw new RedisErrorException("ERR Node config epoch is already non-zero");
          }
          server.self.epoch = epoch;
          server.currentEpoch = Math.max(server.currentEpoch, epoch);
        });
  }

  @Override
  public void reset() {
    change(
        "RESET HARD",
        server -> {
          Invariants.mayReset(server);
          server.reset();
        });
  }

  @Override
  public void bumpEpoch() {
    change("BUMPEPOCH", Server::bumpEpoch);
  }

  @Override
  public void addSlots(SlotSet slots) {
    change(
        "ADDSLOTS " + slots,
        server -> {
          for (Line line : server.table.values()) {
            if (line.slots.intersects(slots)) {
              throw new RedisErrorException(
                  "ERR Slot "
                      + line.slots.intersect(slots).stream().findFirst().orElseThrow()
                      + " is already busy");
            }
          }
          Invariants.mayOwn(server, slots);
          server.world.ledger.givenUp(slots);
          server.self.slots = server.self.slots.plus(slots);
          slots.stream().forEach(server.importing::remove);
        });
  }

  @Override
  public void replicate(NodeId master) {
    change(
        "REPLICATE " + master.brief(),
        server -> {
          Line line = server.line(master);
          if (line == null) {
            throw new RedisErrorException("ERR Unknown node " + master);
          }
          if (line == server.self) {
            throw new RedisErrorException("ERR Can't replicate myself");
          }
          if (!line.master) {
            throw new RedisErrorException("ERR I can only replicate a master, not a replica.");
          }
          if (server.self.master
              && (!server.self.slots.isEmpty() || !server.volume.data.isEmpty())) {
            throw new RedisErrorException(
                "ERR To set a master the node must be empty and without assigned slots.");
          }
          if (!master.equals(server.self.replicaOf)) {
            server.follow(master);
          }
        });
  }

  @Override
  public void forget(NodeId id) {
    change(
        "FORGET " + id.brief(),
        server -> {
          Line line = server.line(id);
          if (line == null) {
            throw new RedisErrorException("ERR Unknown node " + id);
          }
          if (line == server.self) {
            throw new RedisErrorException("ERR I tried hard but I can't forget myself...");
          }
          if (id.equals(server.self.replicaOf)) {
            throw new RedisErrorException("ERR Can't forget my master!");
          }
          Invariants.mayForget(server, line);
          server.banned.put(id, server.world.now + BAN);
          server.world.forgets.put(id, server.world.now + BAN);
          server.drop(id);
        });
  }

  @Override
  public void failover(FailoverMode mode) {
    change(
        "FAILOVER " + mode,
        server -> {
          Invariants.mayTakeOver(server, mode);
          if (mode != FailoverMode.GRACEFUL) {
            server.world.ledger.chosen(server);
          }
          server.election.request(mode);
        });
  }

  @Override
  public void follow(String host, int port) {
    throw notInACluster();
  }

  @Override
  public void lead() {
    throw notInACluster();
  }

  @Override
  public void abortHandOver() {
    throw notInACluster();
  }

  @Override
  public void handOver(String host, int port, Duration longest) {
    throw notInACluster();
  }

  @Override
  public void closeClients() {
    throw notInACluster();
  }

  private static UnsupportedOperationException notInACluster() {
    return new UnsupportedOperationException("a cluster node");
  }

  @Override
  public void setConfig(Map<String, String> settings) {
    change(
        "CONFIG SET " + settings,
        server ->
            server.nodeTimeout =
                Long.parseLong(settings.getOrDefault("cluster-node-timeout", "5000")));
  }

  @Override
  public Map<String, String> getConfig(Iterable<String> names) {
    operator.ask();
    Server server = connect();
    Map<String, String> settings = new HashMap<>();
    settings.put("appendonly", server.world.scenario.durable() ? "yes" : "no");
    settings.put("cluster-node-timeout", Long.toString(server.nodeTimeout));
    return settings;
  }

  @Override
  public UserCommands users() {
    throw new UnsupportedOperationException("there are no users here");
  }

  @Override
  public PasswordCommands passwords() {
    throw new UnsupportedOperationException("there are no passwords here");
  }

  @Override
  public Persistence persistence() {
    boolean aof = "yes".equals(getConfig(List.of("appendonly")).get("appendonly"));
    return new Persistence("", aof, false, false, false, false, 0, "");
  }

  @Override
  public void snapshot() {
    throw new UnsupportedOperationException("how data is kept does not change here");
  }

  @Override
  public ServerConfig serverConfig(Iterable<String> names) {
    throw new UnsupportedOperationException("settings do not change here");
  }

  @Override
  public Functions functions() {
    operator.ask();
    connect();
    return NO_FUNCTIONS;
  }

  @Override
  public void addFunctions(Functions functions) {
    throw new UnsupportedOperationException("the model has no functions");
  }

  @Override
  public SlotCommands slots() {
    return new ModelSlots(operator, world, endpoint);
  }
}
