package io.slotkeeper.simulation;

import io.slotkeeper.api.Mode;
import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Servers of the model, without pods and without an operator. */
final class ModelSide implements Side {
  private static final int LOADING = 50;

  private final World world;
  private final OperatorProcess operator;
  private final List<Server> servers = new ArrayList<>();
  private int addresses;

  ModelSide(long seed, int count, int nodeTimeout, boolean spreadsForget, boolean failsMoved) {
    this(seed, nodeTimeout, spreadsForget, failsMoved, Collections.nCopies(count, null));
  }

  /**
   * @param ids of the servers: where two have the same epoch, they decide which takes another; null
   *     leaves one to chance
   */
  ModelSide(
      long seed,
      int nodeTimeout,
      boolean spreadsForget,
      boolean failsMoved,
      List<? extends @Nullable NodeId> ids) {
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
            false,
            0,
            false,
            Mode.Cluster,
            false);
    world = new World(scenario, new Trace(false));
    operator = new OperatorProcess(world);
    for (int i = 0; i < ids.size(); i++) {
      Pod pod = new Pod(Pod.Owner.OURS, "x-shard0-" + i, "uid-" + i, 0, i, 0);
      Volume volume = new Volume();
      pod.volume = volume;
      NodeId id = ids.get(i);
      if (id != null) {
        world.owns(Pod.Owner.OURS, id);
        volume.id = id;
      }
      servers.add(run(pod, nextAddress()));
    }
  }

  private String nextAddress() {
    return "10.0.0." + ++addresses;
  }

  private Server run(Pod pod, String ip) {
    Server server = new Server(world, pod, Objects.requireNonNull(Volume.of(pod)), ip);
    pod.server = server;
    world.started(server);
    world.advance(LOADING);
    server.serve();
    return server;
  }

  @Override
  public RedisNode node(int server) {
    return new ModelNode(operator, world, endpoint(server));
  }

  @Override
  public Endpoint endpoint(int server) {
    return new Endpoint("uid", servers.get(server).ip, 6379, null);
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
      case NODES_CONF -> former.volume.clear();
      case NOTHING -> pod.volume = new Volume();
    }
    servers.set(server, run(pod, elsewhere ? nextAddress() : former.ip));
  }

  @Override
  public Key key(int slot) {
    return ModelSlots.key(slot);
  }

  @Override
  public String write(int server, int slot, int version, boolean asking) {
    Server at = servers.get(server);
    String refused = Access.of(asking).refusal(at, slot);
    if (refused != null) {
      return refused;
    }
    at.write(slot, version);
    return "OK";
  }

  @Override
  public String read(int server, int slot, boolean asking) {
    Server at = servers.get(server);
    String refused = Access.of(asking).refusal(at, slot);
    return refused == null ? Integer.toString(at.volume.version(slot)) : refused;
  }

  @Override
  public int version(int server, int slot) {
    return servers.get(server).volume.version(slot);
  }

  /**
   * Whether it is the order of packets that says which server owns a slot when another one takes
   * it: some server thinks that none claims it, and would believe its owner that has not heard of
   * it.
   */
  boolean isLeftToChance(int slot) {
    return servers.stream()
            .anyMatch(server -> server.serving() && server.news.thinksUnclaimed(slot))
        && servers.stream()
            .anyMatch(server -> server.serving() && server.self.slots.contains(slot));
  }

  /**
   * Whether all that run know the same slots of a master, or of all, and none imports one of them
   * and takes no news of it.
   */
  boolean isKnownToAll(@Nullable NodeId master) {
    List<Server> all = servers.stream().filter(Server::serving).toList();
    return all.stream()
        .flatMap(server -> server.table.keySet().stream())
        .filter(id -> master == null || id.equals(master))
        .distinct()
        .allMatch(id -> {
          List<SlotSet> known = all.stream().map(server -> slots(server, id)).distinct().toList();
          return known.size() == 1
              && all.stream()
                  .flatMap(server -> server.importing.keySet().stream())
                  .noneMatch(known.getFirst()::contains);
        });
  }

  private static SlotSet slots(Server server, NodeId id) {
    Line line = server.line(id);
    return line == null ? SlotSet.NONE : line.slots;
  }

  @Override
  public void pause() {
    world.advance(200);
  }
}
