package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that writes all the time, and knows what was acknowledged. */
final class Traffic implements AutoCloseable {
  private static final int KEYS = 400;

  private final RedisClusterClient client;
  private final StatefulRedisClusterConnection<String, String> connection;
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Integer> attempted = new ConcurrentHashMap<>();
  private final AtomicInteger writes = new AtomicInteger();
  private final Thread writer;
  private volatile boolean stopped;

  /**
   * @param prefix of the names of its keys; without a hash tag they are in slots of all masters
   */
  Traffic(Shards shards, String prefix) {
    client =
        RedisClusterClient.create(
            shards.all().stream()
                .map(server ->
                    RedisURI.builder()
                        .withHost(server.ip())
                        .withPort(RedisServers.PORT)
                        .withPassword(Shards.PASSWORD.toCharArray())
                        .withTimeout(Duration.ofSeconds(10))
                        .build())
                .toList());
    client.setOptions(
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(Duration.ofMillis(200))
                    .build())
            .build());
    connection = client.connect();
    writer = Thread.ofPlatform().start(() -> write(prefix));
  }

  StatefulRedisClusterConnection<String, String> connection() {
    return connection;
  }

  private void write(String prefix) {
    for (int i = 0; !stopped; i++) {
      String key = prefix + i % KEYS;
      attempted.put(key, i);
      try {
        connection.sync().set(key, Integer.toString(i));
        acknowledged.put(key, i);
        writes.incrementAndGet();
      } catch (RedisException e) {
        // Not acknowledged: it may have happened or not.
      }
    }
  }

  /** Lets it write so many times, so that what it is a witness of is not over before. */
  void await(int more) {
    int until = writes.get() + more;
    Shards.eventually(() -> writes.get() >= until);
  }

  /** Stops it; every key must have the last acknowledged value, or a later one. */
  void assertNothingLost() {
    stopped = true;
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<String> wrong =
        acknowledged.keySet().stream()
            .filter(key -> {
              String value = connection.sync().get(key);
              return value == null
                  || Integer.parseInt(value) < acknowledged.getOrDefault(key, 0)
                  || Integer.parseInt(value) > attempted.getOrDefault(key, 0);
            })
            .toList();
    assertThat(wrong).isEmpty();
    assertThat(acknowledged).isNotEmpty();
  }

  @Override
  public void close() {
    stopped = true;
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
  }
}
