package io.slotkeeper.redis.migration;

import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A cluster of real servers: masters, of which some own slots, and a replica for each if wanted.
 */
final class Shards implements AutoCloseable {
  static final String PASSWORD = "s3cret-of-the-shards";

  final RedisServers servers;
  final LettuceNodes nodes =
      new LettuceNodes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofMinutes(1),
          InstantSource.system());
  final List<RedisServer> masters = new ArrayList<>();
  final List<RedisServer> replicas = new ArrayList<>();

  /**
   * @param nodeTimeout milliseconds; after a failover it takes about as long until all is in order
   * @param owned the slots of each master, in order
   */
  Shards(
      String name, boolean replicated, int nodeTimeout, List<SlotSet> owned, String... settings) {
    servers = new RedisServers(name, PASSWORD);
    for (int i = 0; i < owned.size(); i++) {
      masters.add(servers.start(settings));
      if (replicated) {
        replicas.add(servers.start(settings));
      }
    }
    form(owned, nodeTimeout);
  }

  private void form(List<SlotSet> owned, int nodeTimeout) {
    List<RedisServer> all = all();
    for (RedisServer server : all) {
      node(server).setConfig(Map.of("cluster-node-timeout", "500"));
    }
    for (int i = 0; i < masters.size(); i++) {
      node(masters.get(i)).setConfigEpoch(i + 1);
      node(masters.get(i)).addSlots(owned.get(i));
    }
    introduceAll();
    for (int i = 0; i < replicas.size(); i++) {
      RedisServer replica = replicas.get(i);
      NodeId master = id(masters.get(i));
      eventually(() -> {
        node(replica).replicate(master);
        return true;
      });
    }
    introduceAll();
    eventually(() ->
        all.stream()
            .map(this::look)
            .allMatch(seen ->
                seen.stateOk()
                    && seen.table().nodes().size() == all.size()
                    && seen.table().nodes().stream().noneMatch(n -> n.is(Flag.HANDSHAKE))
                    && seen.table().nodes().stream().filter(n -> n.is(Flag.REPLICA)).count()
                        == replicas.size()
                    && hasHeardOfMasters(seen)
                    && seen.replication().linkUp()));
    for (RedisServer server : all) {
      node(server).setConfig(Map.of("cluster-node-timeout", Integer.toString(nodeTimeout)));
    }
  }

  /** Of the masters' slots and epochs, without which nothing moves. */
  private boolean hasHeardOfMasters(NodeSnapshot seen) {
    return masters.stream()
        .map(master -> look(master).table().myself())
        .allMatch(self ->
            seen.table()
                .find(self.id())
                .filter(node ->
                    node.slots().equals(self.slots()) && node.configEpoch() == self.configEpoch())
                .isPresent());
  }

  private void introduceAll() {
    for (RedisServer from : all()) {
      for (RedisServer to : all()) {
        if (from != to) {
          node(from).meet(to.address());
        }
      }
    }
  }

  List<RedisServer> all() {
    List<RedisServer> all = new ArrayList<>(masters);
    all.addAll(replicas);
    return all;
  }

  RedisNode node(RedisServer server) {
    return nodes.at(server.endpoint());
  }

  NodeSnapshot look(RedisServer server) {
    return node(server).look();
  }

  NodeId id(RedisServer server) {
    return node(server).myId();
  }

  MigrationEndpoint party(RedisServer server) {
    return new MigrationEndpoint(id(server), server.endpoint());
  }

  /** From one master to another; all other masters hear of it. */
  SlotMove move(RedisServer source, RedisServer destination, SlotSet slots) {
    return new SlotMove(
        party(source),
        party(destination),
        masters.stream().filter(m -> m != source && m != destination).map(this::party).toList(),
        slots);
  }

  /** A step that does something: until the servers have heard of each other's epochs, none does. */
  static MigrationProgress step(
      SlotMigration migration, MigrationMethod method, SlotMove move, Duration budget) {
    MigrationProgress[] last = new MigrationProgress[1];
    eventually(() -> {
      last[0] = migration.step(method, move, MigrationLimits.DEFAULT, budget);
      return last[0].state() != MigrationProgress.State.WAITING;
    });
    return last[0];
  }

  /** Keys of a master, whatever the slot. */
  long keys(RedisServer server) {
    return look(server).keys();
  }

  static void eventually(BooleanSupplier condition) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsMatching(
            e -> e instanceof RedisErrorException || e instanceof RedisUnavailableException)
        .until(condition::getAsBoolean);
  }

  @Override
  public void close() {
    nodes.close();
    servers.close();
  }
}
