package io.slotkeeper.simulation;

import io.lettuce.core.cluster.SlotHash;
import io.slotkeeper.redis.LettuceNodes;
import io.slotkeeper.redis.NodeAddress;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Real servers of one version. */
final class RealSide implements Side, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final RedisServers servers;
  private final List<RedisServer> all;
  private final LettuceNodes nodes =
      new LettuceNodes(TIMEOUT, TIMEOUT, Duration.ofMinutes(1), InstantSource.system());

  RealSide(String name, int count, int nodeTimeout) {
    servers = new RedisServers(name, null);
    all =
        Stream.generate(() ->
                servers.start(
                    "cluster-node-timeout " + nodeTimeout, "cluster-require-full-coverage no"))
            .limit(count)
            .toList();
  }

  @Override
  public RedisNode node(int server) {
    return nodes.at(all.get(server).endpoint());
  }

  @Override
  public NodeAddress address(int server) {
    return all.get(server).address();
  }

  @Override
  public void kill(int server) {
    all.get(server).kill();
  }

  @Override
  public void start(int server, Kept kept, boolean elsewhere) {
    RedisServer at = all.get(server);
    switch (kept) {
      case ALL -> {}
      case NODES_CONF -> at.lose(path -> !path.equals("nodes.conf"));
      case NOTHING -> at.lose(_ -> true);
    }
    if (elsewhere) {
      at.restartElsewhere();
    } else {
      at.restart();
    }
    while (isLoading(server)) {
      pause();
    }
  }

  private boolean isLoading(int server) {
    try {
      node(server).look();
      return false;
    } catch (RedisUnavailableException e) {
      return e.kind() == RedisUnavailableException.Kind.LOADING;
    }
  }

  @Override
  public boolean write(int server, int slot) {
    try {
      all.get(server).cli("SET", key(slot), "value");
      return true;
    } catch (IllegalStateException e) {
      return false; // MOVED, CLUSTERDOWN
    }
  }

  private static String key(int slot) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(Integer::toString)
        .filter(key -> SlotHash.getSlot(key) == slot)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50); // between two looks
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    nodes.close();
    servers.close();
  }
}
