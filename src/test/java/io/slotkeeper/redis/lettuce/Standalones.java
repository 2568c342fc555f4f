package io.slotkeeper.redis.lettuce;

import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Real servers without cluster support. */
final class Standalones implements AutoCloseable {
  /** It follows an address where nothing listens: so it takes no writes. */
  static final String PASSIVE = "replicaof 127.0.0.1 1";

  private static final String PASSWORD = "a-p4ssword-for-few";

  final RedisServers servers;
  final LettuceNodes nodes = RedisServers.patientNodes();

  Standalones(String name) {
    servers = new RedisServers(name, PASSWORD);
  }

  RedisServer start(String... settings) {
    List<String> lines = new ArrayList<>(List.of("cluster-enabled no"));
    lines.addAll(List.of(settings));
    return servers.start(lines.toArray(String[]::new));
  }

  /** A new server that has all that the master has, and that the master knows to be in sync. */
  RedisServer startReplica(RedisServer master, String... settings) {
    RedisServer replica = start(settings);
    node(replica).follow(master.ip(), RedisServers.PORT);
    eventually(() -> isInSync(replica, master));
    eventually(() -> {
      var replicas =
          master
              .cli("INFO", "replication")
              .lines()
              .filter(line -> line.contains(",state="))
              .toList();
      return !replicas.isEmpty() && replicas.stream().allMatch(line -> line.contains("=online"));
    });
    return replica;
  }

  RedisNode node(RedisServer server) {
    return nodes.at(server.endpoint());
  }

  NodeSnapshot look(RedisServer server) {
    return node(server).look();
  }

  Replication replication(RedisServer server) {
    return look(server).replication();
  }

  boolean isInSync(RedisServer replica, RedisServer master) {
    Replication followed = replication(master);
    Replication follower = replication(replica);
    return follower.linkUp()
        && !follower.syncing()
        && master.ip().equals(follower.masterHost())
        && follower.replicationId().equals(followed.replicationId())
        && follower.offset() == followed.offset();
  }

  RawConnection connect(RedisServer server) {
    RawConnection connection = new RawConnection(server.ip());
    String reply = connection.ask("AUTH", PASSWORD);
    if (!reply.equals("+OK")) {
      throw new IllegalStateException(reply);
    }
    return connection;
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
