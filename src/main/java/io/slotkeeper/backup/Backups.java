package io.slotkeeper.backup;

import io.slotkeeper.backup.Cut.Consistency;
import io.slotkeeper.backup.Cut.Part;
import io.slotkeeper.backup.Cut.Taken;
import io.slotkeeper.backup.Topology.Answer;
import io.slotkeeper.backup.Topology.NotNow;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes, checks, reads back and deletes backups in one store. */
public final class Backups {
  private static final Logger log = LoggerFactory.getLogger(Backups.class);
  private static final int LARGEST_MANIFEST = 16 << 20;
  private static final Duration NOT_NOW = Duration.ofSeconds(5);

  private final ObjectStore store;
  private final InstantSource clock;

  public Backups(ObjectStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * @param id identifies the backup over all its attempts
   * @param attempt of this process: the objects of two attempts never have the same name
   * @param redis namespace and name, for the manifest
   * @param directory in the store, ends with '/'
   * @param servers all that the Redis has
   * @param common all shards from one point in time, if that can be reached
   * @param maxPause of writes, each time it is tried
   * @param patience how long to wait while slots move, or servers do not agree
   */
  public record Request(
      String id,
      String attempt,
      String redis,
      String mode,
      String directory,
      List<Server> servers,
      boolean common,
      boolean preferReplica,
      Duration maxPause,
      Duration patience) {

    boolean cluster() {
      return mode.equals("Cluster");
    }
  }

  /**
   * Takes a backup, or finds that an earlier attempt has completed it.
   *
   * @param password of the user default; null for none
   */
  public Manifest take(Request request, @Nullable String password)
      throws IOException, InterruptedException {
    Optional<Manifest> before = find(request.directory());
    if (before.isPresent()) {
      return own(before.get(), request);
    }
    probe(request.directory()); // writes are not paused for a store that cannot be used
    Manifest manifest = write(request, password);
    if (!store.putIfAbsent(request.directory() + Manifest.NAME, manifest.json())) {
      manifest = own(manifest(request.directory()), request);
    }
    sweep(request.directory(), manifest);
    return manifest;
  }

  private Manifest write(Request request, @Nullable String password)
      throws IOException, InterruptedException {
    Topology topology = topology(request, password);
    Cut.Settings settings =
        new Cut.Settings(
            topology, request.cluster(), request.preferReplica(), request.maxPause(), password);
    try (Cut cut = new Cut(settings, clock)) {
      Taken taken = cut.take(request.common());
      List<Manifest.Shard> shards =
          Parallel.map(
              IntStream.range(0, taken.parts().size()).boxed().toList(),
              number -> write(request, number, taken.parts().get(number)));
      return new Manifest(
          Manifest.FORMAT,
          request.id(),
          request.redis(),
          request.mode(),
          name(topology.engine()),
          topology.version(),
          taken.at().toString(),
          taken.consistency().name(),
          taken.consistency() == Consistency.Cluster ? taken.pause().toMillis() : 0,
          shards.stream().mapToLong(Manifest.Shard::keys).sum(),
          shards.stream().mapToLong(Manifest.Shard::bytes).sum(),
          shards.stream().mapToLong(Manifest.Shard::storedBytes).sum(),
          shards);
    }
  }

  private static String name(Engine engine) {
    return switch (engine) {
      case REDIS -> "Redis";
      case VALKEY -> "Valkey";
    };
  }

  /**
   * Closes the source however this ends: while others are still being written, a source that is not
   * read any more would keep its fork.
   */
  private Manifest.Shard write(Request request, int number, Part part) throws IOException {
    String object = "shard-%d-%s.rdb.zst".formatted(number, request.attempt());
    try (FullSync data = part.data();
        InputStream in = data.data()) {
      Rdb.Written written = Rdb.write(store, request.directory() + object, in);
      log.info("shard {}: {} bytes from {}", number, written.plain().bytes(), part.source());
      return new Manifest.Shard(
          number,
          part.shard().slots().toString(),
          object,
          part.keys(),
          written.plain().bytes(),
          written.plain().sha256(),
          written.stored().bytes(),
          written.stored().sha256(),
          part.start().replicationId(),
          part.start().offset(),
          part.source().pod());
    }
  }

  private Topology topology(Request request, @Nullable String password)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + request.patience().toNanos();
    while (true) {
      try {
        return Topology.of(answers(request, password), request.cluster());
      } catch (NotNow e) {
        if (System.nanoTime() > end) {
          throw new IOException(e.getMessage(), e);
        }
        log.info("not yet: {}", e.getMessage());
        Thread.sleep(NOT_NOW);
      }
    }
  }

  /** Of those that answer: a replica that is down does not keep the others from being read. */
  private static List<Answer> answers(Request request, @Nullable String password)
      throws IOException {
    List<Answer> answers = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    Parallel.map(
        request.servers(),
        server -> {
          try (Connection connection = new Connection(server, password)) {
            Answer answer = Answer.of(connection, request.cluster());
            synchronized (answers) {
              answers.add(answer);
            }
          } catch (IOException | RedisErrorException e) {
            log.warn("{}", e.getMessage());
            synchronized (answers) {
              silent.add(String.valueOf(e.getMessage()));
            }
          }
          return server;
        });
    if (answers.isEmpty()) {
      throw new NotNow(
          "no server answers; " + String.join("; ", silent.stream().limit(1).toList()));
    }
    return answers;
  }

  private static Manifest own(Manifest found, Request request) throws IOException {
    if (!request.id().equals(found.backup())) {
      throw new IOException(request.directory() + " has another backup, of " + found.redis());
    }
    return found;
  }

  /** Removes what earlier attempts have left. */
  private void sweep(String directory, Manifest manifest) {
    Set<String> kept = new HashSet<>(Set.of(directory + Manifest.NAME));
    manifest.shards().forEach(shard -> kept.add(directory + shard.object()));
    try {
      for (ObjectStore.Stored object : store.list(directory)) {
        if (!kept.contains(object.name())) {
          store.delete(object.name());
        }
      }
    } catch (IOException e) {
      log.warn("the backup is complete; what an earlier attempt left stays: {}", e.getMessage());
    }
  }

  /**
   * Does once what a backup will do: put, list, get and delete.
   *
   * @throws IOException saying what the store does not do
   */
  public void probe(String directory) throws IOException {
    String name = directory + "probe-" + UUID.randomUUID();
    byte[] content = name.getBytes(StandardCharsets.UTF_8);
    store.put(name, out -> out.write(content));
    try (InputStream in = store.get(name)) {
      require(Arrays.equals(in.readAllBytes(), content), "read back");
      require(store.list(directory).stream().anyMatch(one -> one.name().equals(name)), "listed");
    } finally {
      store.delete(name);
    }
    require(store.list(directory).stream().noneMatch(one -> one.name().equals(name)), "deleted");
  }

  private static void require(boolean seen, String what) throws IOException {
    if (!seen) {
      throw new IOException("the store cannot be used: what was written is not " + what);
    }
  }

  /** Reads all of it, and compares it with the manifest. */
  public Manifest check(String directory) throws IOException {
    Manifest manifest = manifest(directory);
    for (Manifest.Shard shard : manifest.shards()) {
      Rdb.read(store, directory, shard, OutputStream.nullOutputStream());
    }
    return manifest;
  }

  /**
   * Writes {@code shard-<number>/dump.rdb} for each shard. A file has its name only when it is
   * complete and was compared with the manifest.
   *
   * @param to of one that has such a file already, it stays as it is
   */
  public Manifest restore(String directory, Path to) throws IOException {
    Manifest manifest = manifest(directory);
    for (Manifest.Shard shard : manifest.shards()) {
      Path file = to.resolve("shard-" + shard.shard()).resolve("dump.rdb");
      if (Files.exists(file)) {
        throw new IOException(file + " exists already; choose an empty directory");
      }
    }
    for (Manifest.Shard shard : manifest.shards()) {
      Path file = to.resolve("shard-" + shard.shard()).resolve("dump.rdb");
      Path part = file.resolveSibling("dump.rdb.part");
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        Rdb.read(store, directory, shard, Channels.newOutputStream(channel));
        channel.force(true);
        Files.move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    return manifest;
  }

  /** The manifest first: what is left after a crash is no backup, and is deleted the next time. */
  public void delete(String directory) throws IOException {
    store.delete(directory + Manifest.NAME);
    for (ObjectStore.Stored object : new ArrayList<>(store.list(directory))) {
      store.delete(object.name());
    }
  }

  /**
   * @throws IOException if there is no backup, or none that this can read
   */
  public Manifest manifest(String directory) throws IOException {
    return find(directory)
        .orElseThrow(() ->
            new IOException(
                "there is no backup in "
                    + directory
                    + ": it has no "
                    + Manifest.NAME
                    + ", which is written last"));
  }

  private Optional<Manifest> find(String directory) throws IOException {
    String name = directory + Manifest.NAME;
    try (InputStream in = store.get(name)) {
      return Optional.of(Manifest.read(name, in.readNBytes(LARGEST_MANIFEST)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
