package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.ServerProcess;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import io.slotkeeper.simulation.sentinel.Network;
import io.slotkeeper.simulation.sentinel.ServerInfo;
import io.slotkeeper.simulation.sentinel.WatchedServer;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Sentinel reaches from its pod. */
final class Wires implements Network {
  private final SentinelWorld world;
  private final Watcher watcher;

  Wires(SentinelWorld world, Watcher watcher) {
    this.world = world;
    this.watcher = watcher;
  }

  @Override
  public long now() {
    return world.now;
  }

  @Override
  public void after(long millis, Runnable action) {
    world.after(millis, action);
  }

  @Override
  public Chance chance() {
    return world.watching;
  }

  @Override
  public void trace(Supplier<String> message) {
    world.trace.add(world.now, message);
  }

  private static @Nullable Server reached(SentinelWorld world, Watcher from, String ip) {
    return world.processAt(ip) instanceof Server server
            && server.phase != ServerProcess.Phase.GUARDED
            && server.phase != ServerProcess.Phase.ENDED
            && !server.isStalled()
            && world.linked(from, server)
            && world.trusts(server, from)
        ? server
        : null;
  }

  @Override
  public @Nullable WatchedServer server(String ip) {
    Server server = reached(world, watcher, ip);
    return server == null ? null : new Reached(server);
  }

  @Override
  public @Nullable ModelSentinel sentinel(String ip) {
    return world.processAt(ip) instanceof Watcher other && world.linked(watcher, other)
        ? other.sentinel()
        : null;
  }

  @Override
  public List<ModelSentinel> listening(String ip) {
    return world.watchers.running().stream()
        .filter(other -> reached(world, other, ip) != null)
        .flatMap(other -> Stream.ofNullable(other.sentinel()))
        .filter(sentinel -> sentinel.watches(ip))
        .toList();
  }

  @Override
  public void elected(String ip) {
    Server server = world.listening(ip);
    if (server != null) {
      Ballots.leads(server);
    }
  }

  @Override
  public void switched() {
    world.watchers.switched(watcher);
  }

  private record Reached(Server server) implements WatchedServer {

    @Override
    public ServerInfo info() {
      NodeSnapshot.Replication told = Info.of(server);
      return new ServerInfo(
          server.runId,
          told.master() ? null : Objects.requireNonNull(told.masterHost()),
          told.linkUp(),
          told.linkUp() ? 0 : told.linkDownSeconds() * 1000,
          told.offset(),
          told.replicas().stream().map(NodeSnapshot.Copy::ip).toList());
    }

    /** -LOADING, or not while failing over. */
    private boolean refuses() {
      return server.phase == ServerProcess.Phase.LOADING || server.failover.isUnderWay();
    }

    @Override
    public void lead() {
      if (!refuses()) {
        server.replication.lead();
        server.elected = true;
        server.closeClients();
      }
    }

    @Override
    public void follow(String ip) {
      if (!refuses()) {
        server.replication.follow(ip, Replication.PORT);
        server.closeClients();
      }
    }
  }
}
