package io.slotkeeper.backup;

import static org.awaitility.Awaitility.await;

import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three masters with all slots, and a replica of each. */
final class ServersInShards implements AutoCloseable {
  static final String PASSWORD = "s3cret-of-the-backup";
  static final int SHARDS = 3;

  final RedisServers servers;
  final List<RedisServer> all;

  ServersInShards(String name, String... settings) {
    servers = new RedisServers(name, PASSWORD);
    all = new ArrayList<>();
    for (int i = 0; i < 2 * SHARDS; i++) {
      all.add(servers.start(settings));
    }
    List<String> create = new ArrayList<>(List.of("--cluster", "create"));
    all.forEach(server -> create.add(server.ip() + ":" + RedisServers.PORT));
    create.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));
    all.getFirst().cli(create.toArray(String[]::new));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> all.stream().allMatch(ServersInShards::inOrder));
  }

  private static boolean inOrder(RedisServer server) {
    String replication = server.cli("INFO", "replication");
    return server.cli("CLUSTER", "INFO").contains("cluster_state:ok")
        && server.cli("CLUSTER", "NODES").lines().filter(line -> line.contains("slave")).count()
            == SHARDS
        && (replication.contains("role:master")
            ? replication.contains("connected_slaves:1")
            : replication.contains("master_link_status:up"));
  }

  /** In the order of their slots. */
  List<RedisServer> masters() {
    return all.subList(0, SHARDS);
  }

  List<RedisServer> replicas() {
    return all.subList(SHARDS, 2 * SHARDS);
  }

  List<Server> addresses() {
    return all.stream()
        .map(server -> new Server("pod-" + server.ip(), server.ip(), RedisServers.PORT))
        .toList();
  }

  /** Writes a key of each type to each shard. */
  void fill() {
    for (RedisServer master : masters()) {
      String tag = tag(master);
      for (int i = 0; i < 200; i++) {
        master.cli("SET", "s" + tag + i, "value " + i);
      }
      master.cli("RPUSH", "list" + tag, "a", "b", "c");
      master.cli("SADD", "set" + tag, "a", "1", "c");
      master.cli("ZADD", "sorted" + tag, "1", "a", "2.5", "b");
      master.cli("HSET", "hash" + tag, "f", "1", "g", "x".repeat(300));
      master.cli("XADD", "stream" + tag, "*", "f", "v");
      master.cli("SET", "expires" + tag, "later", "EX", "86400");
    }
  }

  /** A hash tag whose slot belongs to this master. */
  String tag(RedisServer master) {
    int shard = masters().indexOf(master);
    // Slots 0-5460, 5461-10922 and 10923-16383, by redis-cli --cluster create.
    for (int i = 0; ; i++) {
      int slot = Integer.parseInt(all.getFirst().cli("CLUSTER", "KEYSLOT", "{" + i + "}"));
      if (slot / 5461.34 >= shard && slot / 5461.34 < shard + 1) {
        return "{" + i + "}";
      }
    }
  }

  Backups.Request request(String attempt) {
    return new Backups.Request(
        "uid-1",
        attempt,
        "demo/orders",
        "Cluster",
        "demo/orders/uid/backups/first/",
        addresses(),
        true,
        true,
        Duration.ofSeconds(2),
        Duration.ofSeconds(60));
  }

  @Override
  public void close() {
    servers.close();
  }
}
