package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeAddress;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Servers of the model, without pods and without an operator. */
final class ModelSide implements Side {
  private static final int LOADING = 50;

  private final World world;
  private final OperatorProcess operator;
  private final List<Server> servers = new ArrayList<>();
  private int addresses;

  ModelSide(long seed, int count, int nodeTimeout, boolean spreadsForget, boolean failsMoved) {
    Scenario scenario =
        new Scenario(
            seed,
            1,
            0,
            nodeTimeout,
            true,
            false,
            true,
            spreadsForget,
            failsMoved,
            false,
            0,
            0,
            false);
    world = new World(scenario, new Trace(false));
    operator = new OperatorProcess(world);
    for (int i = 0; i < count; i++) {
      Pod pod = new Pod(Pod.Owner.OURS, "x-shard0-" + i, "uid-" + i, 0, i, 0);
      pod.volume = new Volume();
      servers.add(run(pod, nextAddress()));
    }
  }

  private String nextAddress() {
    return "10.0.0." + ++addresses;
  }

  private Server run(Pod pod, String ip) {
    Server server = new Server(world, pod, Objects.requireNonNull(pod.volume), ip);
    pod.server = server;
    world.started(server);
    world.advance(LOADING);
    server.serve();
    return server;
  }

  @Override
  public RedisNode node(int server) {
    return new ModelNode(operator, world, new Endpoint("uid", servers.get(server).ip, 6379, null));
  }

  @Override
  public NodeAddress address(int server) {
    return new NodeAddress(servers.get(server).ip, 6379, 16379);
  }

  @Override
  public void kill(int server) {
    world.ended(servers.get(server));
  }

  @Override
  public void start(int server, Kept kept, boolean elsewhere) {
    Server former = servers.get(server);
    Pod pod = former.pod;
    switch (kept) {
      case ALL -> {}
      case NODES_CONF -> former.volume.data.clear();
      case NOTHING -> pod.volume = new Volume();
    }
    servers.set(server, run(pod, elsewhere ? nextAddress() : former.ip));
  }

  @Override
  public boolean write(int server, int slot) {
    Server at = servers.get(server);
    if (!at.state.ok() || !at.self.master || !at.self.slots.contains(slot)) {
      return false;
    }
    at.volume.data.merge(slot, 1, Integer::sum);
    at.replication.wrote();
    return true;
  }

  @Override
  public void pause() {
    world.advance(200);
  }
}
