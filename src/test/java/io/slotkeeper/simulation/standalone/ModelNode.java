package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.simulation.OperatorProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands, with the servers' answers and errors (replication.c). */
final class ModelNode implements RedisNode {
  private static final Functions NO_FUNCTIONS = new Functions(new byte[0]);

  private final OperatorProcess operator;
  private final Endpoint endpoint;
  private final OperatorProcess.@Nullable Held held;

  ModelNode(OperatorProcess operator, Endpoint endpoint) {
    this(operator, endpoint, null);
  }

  private ModelNode(
      OperatorProcess operator, Endpoint endpoint, OperatorProcess.@Nullable Held held) {
    this.operator = operator;
    this.endpoint = endpoint;
    this.held = held;
  }

  @Override
  public RedisNode held() {
    return new ModelNode(operator, endpoint, new OperatorProcess.Held());
  }

  private Server connect() {
    return (Server) operator.connect(endpoint, held);
  }

  @Override
  public NodeSnapshot look() {
    operator.ask();
    return look(connect());
  }

  static NodeSnapshot look(Server server) {
    return new NodeSnapshot(
        new NodeSnapshot.Server(
            server.runId,
            server.data.keys,
            NodeSnapshot.Engine.REDIS,
            "7.0.15",
            1,
            0,
            16,
            Info.of(server),
            null,
            server.store.kept == Store.Kept.AOF),
        null);
  }

  @Override
  public NodeId myId() {
    operator.ask();
    return new NodeId(connect().runId);
  }

  private void change(String what, Consumer<Server> command) {
    operator.spend(what + " on " + endpoint.owner() + "@" + endpoint.ip());
    Server server = connect();
    command.accept(server);
    operator.replied();
  }

  @Override
  public void follow(String host, int port) {
    change(
        "REPLICAOF " + host + " " + port,
        server -> {
          refuseWhileHandingOver(server);
          server.world.ledger.mayFollow(server, host);
          server.replication.follow(host, port);
        });
  }

  @Override
  public void lead() {
    change(
        "REPLICAOF NO ONE",
        server -> {
          refuseWhileHandingOver(server);
          server.world.ledger.chosen(server);
          server.replication.lead();
        });
  }

  private static void refuseWhileHandingOver(Server server) {
    if (server.failover.isUnderWay()) {
      throw new RedisErrorException("ERR REPLICAOF not allowed while failing over.");
    }
  }

  @Override
  public void handOver(String host, int port, Duration longest) {
    change(
        "FAILOVER TO " + host + " " + port,
        server -> server.failover.begin(host, port, longest.toMillis()));
  }

  @Override
  public void abortHandOver() {
    change("FAILOVER ABORT", server -> server.failover.abort());
  }

  @Override
  public void closeClients() {
    change("CLIENT KILL", Server::closeClients);
  }

  @Override
  public Map<String, String> getConfig(Iterable<String> names) {
    operator.ask();
    Store.Kept kept = connect().store.kept;
    Map<String, String> settings = new HashMap<>();
    settings.put("appendonly", kept == Store.Kept.AOF ? "yes" : "no");
    settings.put("save", kept == Store.Kept.NOTHING ? "" : "3600 1 300 100 60 10000");
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
    operator.ask();
    Server server = connect();
    Store.Kept kept = server.store.kept;
    return new Persistence(
        server.runId,
        kept == Store.Kept.AOF,
        false,
        false,
        false,
        false,
        server.savedAt,
        kept == Store.Kept.NOTHING ? "" : "3600 1 300 100 60 10000");
  }

  @Override
  public void snapshot() {
    change("BGSAVE", Server::save);
  }

  @Override
  public Functions functions() {
    operator.ask();
    connect();
    return NO_FUNCTIONS;
  }

  @Override
  public void setConfig(Map<String, String> settings) {
    throw new UnsupportedOperationException("settings do not change here");
  }

  @Override
  public ServerConfig serverConfig(Iterable<String> names) {
    throw new UnsupportedOperationException("settings do not change here");
  }

  @Override
  public void addFunctions(Functions functions) {
    throw new UnsupportedOperationException("the model has no functions");
  }

  @Override
  public @Nullable Integer sampleSlot() {
    throw noCluster();
  }

  @Override
  public void meet(NodeAddress target) {
    throw noCluster();
  }

  @Override
  public void setConfigEpoch(long epoch) {
    throw noCluster();
  }

  @Override
  public void bumpEpoch() {
    throw noCluster();
  }

  @Override
  public void reset() {
    throw noCluster();
  }

  @Override
  public void addSlots(SlotSet slots) {
    throw noCluster();
  }

  @Override
  public void replicate(NodeId master) {
    throw noCluster();
  }

  @Override
  public void forget(NodeId id) {
    throw noCluster();
  }

  @Override
  public void failover(FailoverMode mode) {
    throw noCluster();
  }

  @Override
  public SlotCommands slots() {
    throw noCluster();
  }

  private static RedisErrorException noCluster() {
    return new RedisErrorException("ERR This instance has cluster support disabled");
  }
}
