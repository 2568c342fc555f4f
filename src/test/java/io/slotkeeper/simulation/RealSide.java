package io.slotkeeper.simulation;

import io.lettuce.core.cluster.SlotHash;
import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Real servers of one version. */
final class RealSide implements Side, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Pattern LENGTH = Pattern.compile("val_sds_len:(\\d+)");

  private final RedisServers servers;
  private final List<RedisServer> all;
  private final Map<Integer, String> names = new HashMap<>();
  private final LettuceNodes nodes =
      new LettuceNodes(TIMEOUT, TIMEOUT, Duration.ofMinutes(1), InstantSource.system());

  RealSide(String name, int count, int nodeTimeout) {
    servers = new RedisServers(name, null);
    all =
        Stream.generate(() ->
                servers.start(
                    "cluster-node-timeout " + nodeTimeout,
                    "cluster-require-full-coverage no",
                    "appendfsync no")) // with "everysec" a killed server has not always written
            .limit(count)
            .toList();
  }

  @Override
  public RedisNode node(int server) {
    return nodes.at(endpoint(server));
  }

  @Override
  public Endpoint endpoint(int server) {
    return all.get(server).endpoint();
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
  public Key key(int slot) {
    return new Key(name(slot).getBytes(StandardCharsets.US_ASCII));
  }

  private String name(int slot) {
    return names.computeIfAbsent(
        slot,
        _ ->
            IntStream.iterate(0, i -> i + 1)
                .mapToObj(Integer::toString)
                .filter(name -> SlotHash.getSlot(name) == slot)
                .findFirst()
                .orElseThrow());
  }

  /** The version is the length: that can be asked for wherever a key is. */
  @Override
  public String write(int server, int slot, int version, boolean asking) {
    return ask(server, asking, "SET", name(slot), "x".repeat(version)).substring(1);
  }

  @Override
  public String read(int server, int slot, boolean asking) {
    String reply = ask(server, asking, "GET", name(slot));
    return reply.startsWith("-")
        ? reply.substring(1)
        : Integer.toString(reply.length() - 1); // nil is "_"
  }

  private String ask(int server, boolean asking, String... command) {
    try (RawConnection connection = new RawConnection(all.get(server).ip())) {
      if (asking) {
        connection.ask("ASKING");
      }
      return connection.ask(command);
    }
  }

  /** DEBUG is the one command with a key that no server sends on. */
  @Override
  public int version(int server, int slot) {
    String reply = ask(server, false, "DEBUG", "SDSLEN", name(slot));
    Matcher length = LENGTH.matcher(reply);
    return length.find() ? Integer.parseInt(length.group(1)) : 0;
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
