package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** Backups of a cluster of real servers, with three shards and a replica of each. */
@EachServerVersion
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakeBackupTest {
  private static final Pattern SEQUENCE = Pattern.compile("w\\{\\d+\\}(\\d{9})");

  @SuppressWarnings("NullAway.Init")
  @Parameter
  String name;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private ServersInShards cluster;

  @BeforeParameterizedClassInvocation
  void start() {
    cluster = new ServersInShards(name);
    cluster.fill();
  }

  @AfterParameterizedClassInvocation
  void stop() {
    cluster.close();
  }

  private Backups backups() {
    return new Backups(new DirectoryStore(directory.resolve("store")), InstantSource.system());
  }

  @Test
  void whatIsRestoredIsWhatWasThere() throws Exception {
    Manifest taken = backups().take(cluster.request("1"), ServersInShards.PASSWORD);

    assertThat(taken.consistency()).isEqualTo("Cluster");
    assertThat(taken.pauseMillis()).isLessThan(2000);
    assertThat(taken.engine()).isEqualTo(name.startsWith("redis") ? "Redis" : "Valkey");
    assertThat(name).endsWith(taken.version().replaceFirst("\\.\\d+$", ""));
    assertThat(taken.keys()).isEqualTo(keys());
    assertThat(taken.shards())
        .extracting(Manifest.Shard::slots)
        .containsExactly("0-5460", "5461-10922", "10923-16383");
    assertThat(taken.shards())
        .extracting(Manifest.Shard::source)
        .containsExactlyInAnyOrderElementsOf(
            cluster.replicas().stream().map(server -> "pod-" + server.ip()).toList());

    Path restored = directory.resolve("restored");
    assertThat(backups().restore(cluster.request("1").directory(), restored)).isEqualTo(taken);
    for (Manifest.Shard shard : taken.shards()) {
      RedisServer loaded = loaded(restored.resolve("shard-" + shard.shard() + "/dump.rdb"));
      RedisServer master = cluster.masters().get(shard.shard());
      assertThat(loaded.cli("DEBUG", "DIGEST")).isEqualTo(master.cli("DEBUG", "DIGEST"));
      assertThat(loaded.cli("DBSIZE")).isEqualTo(Long.toString(shard.keys()));
      loaded.kill();
    }
  }

  /** The documented way: a server starts from each file, and redis-cli copies into the cluster. */
  @Test
  void filesAreImportedIntoACluster() throws Exception {
    Backups.Request request = at("import/", cluster.request("1"), Duration.ofSeconds(2));
    Manifest taken = backups().take(request, ServersInShards.PASSWORD);
    List<String> before = digests();
    for (RedisServer master : cluster.masters()) {
      master.cli("FLUSHALL");
    }
    Path files = directory.resolve("imported");
    backups().restore("import/", files);

    for (Manifest.Shard shard : taken.shards()) {
      RedisServer loaded =
          loaded(files.resolve("shard-" + shard.shard() + "/dump.rdb"), "requirepass \"\"");
      String target = cluster.masters().getFirst().ip() + ":" + RedisServers.PORT;
      cluster
          .masters()
          .getFirst()
          .cli(
              "--cluster",
              "import",
              target,
              "--cluster-from",
              loaded.ip() + ":" + RedisServers.PORT,
              "--cluster-copy");
      loaded.kill();
    }

    assertThat(keys()).isEqualTo(taken.keys());
    assertThat(digests()).isEqualTo(before);
  }

  private List<String> digests() {
    return cluster.masters().stream().map(master -> master.cli("DEBUG", "DIGEST")).toList();
  }

  private long keys() {
    return cluster.masters().stream()
        .mapToLong(master -> Long.parseLong(master.cli("DBSIZE")))
        .sum();
  }

  /** The documented way to restore by hand: a server without an AOF starts from the file. */
  private RedisServer loaded(Path dump, String... settings) throws IOException {
    List<String> all = new ArrayList<>(List.of("cluster-enabled no", "appendonly no"));
    all.addAll(List.of(settings));
    RedisServer server = cluster.servers.start(all.toArray(String[]::new));
    server.kill();
    Files.copy(dump, server.data().resolve("dump.rdb"));
    server.restart();
    return server;
  }

  /** One client writes to the shards in turn: what it wrote last may be missing, no other write. */
  @Test
  void noCutIsTorn() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<String> tags = cluster.masters().stream().map(cluster::tag).toList();
    Thread writer = Thread.ofVirtual().start(() -> write(tags, over));
    try {
      for (int i = 0; i < 5; i++) {
        String at = "torn/" + i + "/";
        Backups.Request request = at(at, cluster.request("1"), Duration.ofSeconds(2));
        Manifest taken = backups().take(request, ServersInShards.PASSWORD);
        assertThat(taken.consistency()).isEqualTo("Cluster");
        NavigableSet<Integer> found = sequence(at);
        assertThat(found).isNotEmpty().hasSize(found.last());
      }
    } finally {
      over.set(true);
      writer.join();
    }
  }

  private void write(List<String> tags, AtomicBoolean over) {
    List<RawConnection> connections =
        cluster.masters().stream()
            .map(master -> new RawConnection(master.ip()))
            .peek(connection -> connection.ask("AUTH", ServersInShards.PASSWORD))
            .toList();
    for (int i = 1; !over.get(); i++) {
      int shard = i % tags.size();
      String reply =
          connections.get(shard).ask("SET", "w%s%09d".formatted(tags.get(shard), i), "x");
      assertThat(reply).isEqualTo("+OK");
    }
    connections.forEach(RawConnection::close);
    for (int shard = 0; shard < tags.size(); shard++) {
      cluster
          .masters()
          .get(shard)
          .cli(
              "EVAL",
              "for _, k in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', k) end",
              "0",
              "w*");
    }
  }

  private NavigableSet<Integer> sequence(String at) throws IOException {
    Path restored = directory.resolve("read-" + at.replace('/', '-'));
    Manifest manifest = backups().restore(at, restored);
    NavigableSet<Integer> found = new TreeSet<>();
    for (Manifest.Shard shard : manifest.shards()) {
      String text =
          Files.readString(
              restored.resolve("shard-" + shard.shard() + "/dump.rdb"),
              StandardCharsets.ISO_8859_1);
      for (Matcher key = SEQUENCE.matcher(text); key.find(); ) {
        found.add(Integer.valueOf(key.group(1)));
      }
    }
    return found;
  }

  private static Backups.Request at(String at, Backups.Request like, Duration maxPause) {
    return new Backups.Request(
        like.id(),
        like.attempt(),
        like.redis(),
        like.mode(),
        at,
        like.servers(),
        true,
        like.preferReplica(),
        maxPause,
        Duration.ZERO);
  }

  /** A pause that is too short for any answer: the backup says what it is. */
  @Test
  void whereTheCommonPointIsNotReachedTheManifestSaysSo() throws Exception {
    Backups.Request request = at("hurried/", cluster.request("1"), Duration.ofNanos(1));

    Manifest taken = backups().take(request, ServersInShards.PASSWORD);

    assertThat(taken.consistency()).isEqualTo("Shard");
    assertThat(taken.pauseMillis()).isZero();
    assertThat(backups().check("hurried/")).isEqualTo(taken);
  }

  @Test
  void nothingIsTakenWhileASlotIsOpen() throws Exception {
    RedisServer first = cluster.masters().getFirst();
    String other = cluster.masters().getLast().cli("CLUSTER", "MYID");
    first.cli("CLUSTER", "SETSLOT", "1", "MIGRATING", other);
    try {
      Backups.Request request = at("open/", cluster.request("1"), Duration.ofSeconds(2));
      assertThatThrownBy(() -> backups().take(request, ServersInShards.PASSWORD))
          .isInstanceOf(IOException.class)
          .hasMessageMatching("slots of pod-.* are being moved");
    } finally {
      first.cli("CLUSTER", "SETSLOT", "1", "STABLE");
    }
    assertThat(new DirectoryStore(directory.resolve("store")).list("open/")).isEmpty();
  }

  /** A server that writes a file first announces the length of its data. */
  @Test
  void dataOfKnownLengthIsRead() throws Exception {
    for (RedisServer server : cluster.all) {
      server.cli("CONFIG", "SET", "repl-diskless-sync", "no");
    }
    try {
      Backups.Request request = at("length/", cluster.request("1"), Duration.ofSeconds(2));
      Manifest taken = backups().take(request, ServersInShards.PASSWORD);
      assertThat(backups().check("length/")).isEqualTo(taken);
    } finally {
      for (RedisServer server : cluster.all) {
        server.cli("CONFIG", "SET", "repl-diskless-sync", "yes");
      }
    }
  }

  /** Between any two calls of the store: the next attempt completes the backup. */
  @Test
  void theNextAttemptCompletesWhatACrashLeft() throws Exception {
    int crash = 0;
    boolean crashed = true;
    while (crashed) {
      String at = "crash-" + crash + "/";
      DirectoryStore store = new DirectoryStore(directory.resolve("store"));
      CrashingStore crashing = new CrashingStore(store, crash);
      try {
        new Backups(crashing, InstantSource.system())
            .take(at(at, cluster.request("1"), Duration.ofSeconds(2)), ServersInShards.PASSWORD);
      } catch (CrashingStore.Crash e) {
        // as a process that is killed
      }
      crashed = crashing.crashed();
      Manifest taken =
          backups()
              .take(at(at, cluster.request("2"), Duration.ofSeconds(2)), ServersInShards.PASSWORD);
      assertThat(backups().check(at)).isEqualTo(taken);
      if (taken.shards().getFirst().object().contains("-2.")) {
        assertThat(store.list(at)).hasSize(ServersInShards.SHARDS + 1);
      }
      crash++;
    }
    assertThat(crash).isGreaterThan(8);
    for (RedisServer master : cluster.masters()) {
      assertThat(master.cli("DEL", "unpaused" + cluster.tag(master))).isEqualTo("0");
    }
  }

  @Test
  void aWrongPasswordIsSaid() {
    assertThatThrownBy(
            () -> backups().take(at("wrong/", cluster.request("1"), Duration.ofSeconds(1)), "no"))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("no server answers; pod-.*(WRONGPASS|invalid password).*");
  }
}
