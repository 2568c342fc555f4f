package io.slotkeeper.backup;

import io.slotkeeper.backup.Topology.Answer;
import io.slotkeeper.backup.Topology.NotNow;
import io.slotkeeper.backup.Topology.Shard;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.InfoParser;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moment of a backup: all shards fork while no master takes writes, so no shard has a write
 * that came after one which another shard lacks.
 *
 * <p>Writes are paused ({@code CLIENT PAUSE … WRITE}, which reads pass), the sources catch up, all
 * of them fork, and writes go on. The pause ends by itself, so a crash leaves nothing behind. That
 * nothing was written is proven by the offsets: one at which a server forks is that of its master
 * during the pause, or that and one ping.
 */
final class Cut implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cut.class);

  /** How often writes are paused before the common point is given up. */
  private static final int TRIES = 5;

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** A source that is saving forks when it has finished. */
  private static final Duration UNHURRIED = Duration.ofMinutes(5);

  /** {@code *1 $4 PING}, which masters send their replicas, also during a pause. */
  private static final int PING = 14;

  /** What was reached. */
  enum Consistency {
    /** One point for all shards. */
    Cluster,
    /** Each shard is consistent by itself. */
    Shard
  }

  /**
   * @param keys of all databases; exact where writes were paused
   * @param data read on, or the server breaks off after a minute
   */
  record Part(Shard shard, Server source, FullSync.Start start, long keys, FullSync data) {}

  /**
   * @param pause how long writes were stalled; zero where they were not
   */
  record Taken(Consistency consistency, Instant at, Duration pause, List<Part> parts) {}

  private final List<Lane> lanes = new ArrayList<>();
  private final Settings settings;
  private final InstantSource clock;

  /**
   * @param cluster its masters own slots
   * @param maxPause at most this long, each time
   * @param password of the user default; null for none
   */
  record Settings(
      Topology topology,
      boolean cluster,
      boolean preferReplica,
      Duration maxPause,
      @Nullable String password) {}

  /** The connections of one shard, for one try. */
  private record Lane(Shard shard, Connection master, Connection source, FullSync sync)
      implements AutoCloseable {

    static Lane open(Shard shard, Server source, @Nullable String password) throws IOException {
      List<Connection> open = new ArrayList<>();
      try {
        Connection toMaster = new Connection(shard.master(), password);
        open.add(toMaster);
        Connection toSource = new Connection(source, password);
        open.add(toSource);
        return new Lane(shard, toMaster, toSource, new FullSync(source, password));
      } catch (IOException | RuntimeException e) {
        open.forEach(Connection::close);
        throw e;
      }
    }

    private boolean readsMaster() {
      return source.server().equals(shard.master());
    }

    @Override
    public void close() {
      master.close();
      source.close();
      sync.close();
    }
  }

  Cut(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * @param common try to reach one point for all shards
   */
  Taken take(boolean common) throws IOException, InterruptedException {
    if (settings.topology().shards().size() == 1) {
      return unpaused(Consistency.Cluster); // what one server has is one point
    }
    for (int i = 0; common && i < TRIES; i++) {
      try {
        return paused();
      } catch (NotNow | SocketTimeoutException e) {
        log.info("no common point yet: {}", e.getMessage());
        close();
        Thread.sleep(BETWEEN);
      }
    }
    return unpaused(Consistency.Shard);
  }

  private Taken paused() throws IOException {
    connect();
    long began = System.nanoTime();
    long end = began + settings.maxPause().toNanos();
    String most = millis(settings.maxPause());
    Instant at;
    List<Part> parts;
    try {
      Parallel.map(lanes, lane -> lane.master.text("CLIENT", "PAUSE", most, "WRITE"));
      List<Replication> levels = Parallel.map(lanes, lane -> level(lane, end));
      at = clock.instant();
      parts = Parallel.map(lanes, lane -> fork(lane, left(end)));
      if (System.nanoTime() > end) {
        throw new NotNow("not all have forked within " + most + " ms");
      }
      for (int i = 0; i < parts.size(); i++) {
        unwritten(parts.get(i), levels.get(i));
      }
    } finally {
      unpause();
    }
    return new Taken(Consistency.Cluster, at, Duration.ofNanos(System.nanoTime() - began), parts);
  }

  private Taken unpaused(Consistency consistency) throws IOException {
    connect();
    Instant at = clock.instant();
    List<Part> parts = Parallel.map(lanes, lane -> fork(lane, UNHURRIED));
    return new Taken(consistency, at, Duration.ZERO, parts);
  }

  private void connect() throws IOException {
    for (Shard shard : settings.topology().shards()) {
      lanes.add(Lane.open(shard, shard.source(settings.preferReplica()), settings.password()));
    }
  }

  /** Writes go on, whatever else happens; where this fails, they go on when the time is over. */
  private void unpause() {
    for (Lane lane : lanes) {
      try {
        lane.master.ask("CLIENT", "UNPAUSE");
      } catch (IOException | RedisErrorException e) {
        log.warn(
            "writes stay paused for at most {} ms: {}",
            millis(settings.maxPause()),
            e.getMessage());
      }
    }
  }

  /** The master as it is when its source has all that it has. */
  private Replication level(Lane lane, long end) throws IOException {
    lane.master.patience(left(end));
    lane.source.patience(left(end));
    if (settings.cluster() && !unchanged(lane)) {
      throw new NotNow("slots of " + lane.shard.master().pod() + " have moved");
    }
    while (System.nanoTime() < end) {
      Replication master = replication(lane.master);
      if (!master.master()) {
        throw new NotNow(lane.shard.master().pod() + " is no master any more");
      }
      if (lane.readsMaster()) {
        return master;
      }
      Replication source = replication(lane.source);
      if (!source.linkUp() || !source.replicationId().equals(master.replicationId())) {
        throw new NotNow(lane.source.server().pod() + " does not follow its master");
      }
      if (source.offset() >= master.offset()) {
        return master;
      }
    }
    throw new NotNow(lane.source.server().pod() + " did not catch up with its master in time");
  }

  private boolean unchanged(Lane lane) throws IOException {
    Answer now = Answer.of(lane.master, true);
    return Topology.owns(now, lane.shard.slots());
  }

  private Part fork(Lane lane, Duration most) throws IOException {
    long keys = InfoParser.keys(InfoParser.parse(lane.source.text("INFO", "keyspace")));
    FullSync.Start start = lane.sync.fork(most);
    return new Part(lane.shard, lane.source.server(), start, keys, lane.sync);
  }

  private static void unwritten(Part part, Replication level) {
    long more = part.start().offset() - level.offset();
    if (!part.start().replicationId().equals(level.replicationId())
        || (more != 0 && more != PING)) {
      throw new NotNow(
          "%s has %d bytes that came during the pause".formatted(part.source().pod(), more));
    }
  }

  private static Replication replication(Connection server) throws IOException {
    return InfoParser.replication(InfoParser.parse(server.text("INFO", "replication")));
  }

  private static Duration left(long end) throws SocketTimeoutException {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("the pause is over");
    }
    return Duration.ofNanos(left);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  /** Also the connections over which data comes. */
  @Override
  public void close() {
    lanes.forEach(Lane::close);
    lanes.clear();
  }
}
