package io.slotkeeper.redis.lettuce;

import io.lettuce.core.api.StatefulRedisConnection;
import io.slotkeeper.redis.Trust;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One connection per endpoint and lane: opened when first needed, shared by all callers, closed
 * when it fails or is unused for a while (each holds a buffer of 64 KiB).
 */
final class Connections {
  private final ConcurrentHashMap<Line, Shared> shared = new ConcurrentHashMap<>();
  private final Function<Endpoint, CompletableFuture<StatefulRedisConnection<String, String>>> open;
  private final InstantSource clock;
  private final Refusals refusals = new Refusals();
  private volatile boolean closed;

  Connections(
      Function<Endpoint, CompletableFuture<StatefulRedisConnection<String, String>>> open,
      InstantSource clock) {
    this.open = open;
    this.clock = clock;
  }

  /** The connection to an endpoint, for one call. */
  Lease lease(Endpoint endpoint) {
    return lease(endpoint, 0);
  }

  /**
   * One of the connections to an endpoint, for one call.
   *
   * @param lane 0 for general use; others for commands that keep the next one waiting
   */
  Lease lease(Endpoint endpoint, int lane) {
    Line line = new Line(endpoint, lane);
    return new Lease(
        line,
        shared.compute(
            line,
            (key, known) -> {
              if (known != null && known.take()) {
                return known;
              }
              if (known != null) {
                known.retire();
              }
              return new Shared(
                  closed
                      ? CompletableFuture.failedFuture(new ClosedChannelException())
                      : open.apply(key.endpoint()));
            }));
  }

  /** Closes what has not been used for this long. */
  void closeUnused(Duration time) {
    Instant before = clock.instant().minus(time);
    shared.forEach((line, _) ->
        shared.computeIfPresent(
            line, (_, known) -> known.closeIfUnusedSince(before) ? null : known));
  }

  /** Whom those that are open trust. */
  Set<Trust> trusts() {
    return shared.keySet().stream()
        .flatMap(line -> Stream.ofNullable(line.endpoint().trust()))
        .collect(Collectors.toSet());
  }

  /** Closes at once, even connections in use. */
  void close(Predicate<Endpoint> which) {
    shared.forEach((line, known) -> {
      if (which.test(line.endpoint()) && shared.remove(line, known)) {
        known.close();
      }
    });
  }

  /** No more connections are opened; those that are open stay. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  Refusals refusals() {
    return refusals;
  }

  int size() {
    return shared.size();
  }

  private record Line(Endpoint endpoint, int lane) {}

  /** The right to use a connection until closed. */
  final class Lease implements AutoCloseable {
    private final Line line;
    private final Shared connection;

    private Lease(Line line, Shared connection) {
      this.line = line;
      this.connection = connection;
    }

    CompletableFuture<StatefulRedisConnection<String, String>> connection() {
      return connection.future;
    }

    /** Two calls with the same one have used the same connection. */
    Object identity() {
      return connection;
    }

    /** The connection was opened for this call: a server that closes it may accept none. */
    boolean isNew() {
      return !closed && connection.isNew();
    }

    /** No further call gets this connection; it closes after its last user. */
    void retire() {
      shared.remove(line, connection);
      connection.retire();
    }

    @Override
    public void close() {
      connection.giveBack(clock.instant());
    }
  }

  /** A connection, or one being opened, and the number of its users. */
  private static final class Shared {
    private final CompletableFuture<StatefulRedisConnection<String, String>> future;
    private int users = 1;
    private boolean retired;
    private Instant lastUse = Instant.MAX;

    Shared(CompletableFuture<StatefulRedisConnection<String, String>> future) {
      this.future = future;
    }

    synchronized boolean take() {
      if (retired || future.isCompletedExceptionally()) {
        return false;
      }
      if (future.isDone() && !future.join().isOpen()) {
        return false;
      }
      users++;
      return true;
    }

    synchronized boolean isNew() {
      return lastUse.equals(Instant.MAX);
    }

    synchronized void giveBack(Instant now) {
      users--;
      lastUse = now;
      if (retired && users == 0) {
        close();
      }
    }

    synchronized void retire() {
      retired = true;
      if (users == 0) {
        close();
      }
    }

    synchronized boolean closeIfUnusedSince(Instant before) {
      if (users > 0 || lastUse.isAfter(before)) {
        return false;
      }
      retired = true;
      close();
      return true;
    }

    /** Now, or as soon as it is open. */
    void close() {
      var _ = future.thenCompose(StatefulRedisConnection::closeAsync);
    }
  }
}
