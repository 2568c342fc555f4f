package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.RedisErrorException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Before its container ends (stop-standalone.sh): a primary hands over to the replica that has
 * most, and its clients connect again. Then the server itself waits for its replicas
 * (shutdown-timeout), and writes what it has.
 */
final class StopScript {
  private static final int POLL = 50;
  private static final int LONGEST = 10_000;

  private final Server server;
  private final Runnable stop;
  private long until;

  private StopScript(Server server, Runnable stop) {
    this.server = server;
    this.stop = stop;
    until = server.world.now + LONGEST;
  }

  static void run(Server server, Runnable stop) {
    StopScript script = new StopScript(server, stop);
    boolean leads = server.serving() && server.isMaster() && !server.world.isSuperseded(server);
    Server replica = leads ? script.furthest() : null;
    if (replica == null) {
      script.terminate(server.world.now + LONGEST);
    } else {
      server.paused = true;
      script.awaitAll(replica);
    }
  }

  private @Nullable Server furthest() {
    return server.replication.online().stream()
        .max(Comparator.comparingLong(replica -> replica.replication.acknowledged))
        .orElse(null);
  }

  /** It asks the replica itself. */
  private void awaitAll(Server replica) {
    if (!server.serving()) {
      stop.run();
    } else if (server.world.now >= until) {
      goOn();
    } else if (hasAll(replica)) {
      force(replica);
    } else {
      server.world.after(POLL, () -> awaitAll(replica));
    }
  }

  private boolean hasAll(Server replica) {
    return replica.serving()
        && !replica.isStalled()
        && server.world.linked(server, replica)
        && replica.replication.isUp()
        && replica.replication.id.equals(server.replication.id)
        && replica.replication.offset >= server.replication.offset;
  }

  private void force(Server replica) {
    try {
      server.failover.force(replica.ip);
      until = server.world.now + LONGEST + 2000;
      server.world.after(POLL, this::await);
    } catch (RedisErrorException e) {
      goOn();
    }
  }

  private void await() {
    if (!server.serving()) {
      stop.run();
    } else if (!server.failover.isUnderWay() || server.world.now >= until) {
      if (!server.isMaster() && !server.failover.isUnderWay()) {
        server.world.handedOver(server);
        server.closeClients();
      }
      goOn();
    } else {
      server.world.after(POLL, this::await);
    }
  }

  private void goOn() {
    server.paused = false;
    terminate(server.world.now + LONGEST);
  }

  /** SIGTERM: writes are paused until the replicas have all. */
  private void terminate(long latest) {
    boolean lags =
        server.serving()
            && server.isMaster()
            && server.replication.online().stream()
                .anyMatch(replica -> replica.replication.offset < server.replication.offset);
    server.stopping = true;
    if (lags && server.world.now < latest) {
      server.world.after(POLL, () -> terminate(latest));
      return;
    }
    if (server.serving()) {
      server.save();
    }
    stop.run();
  }
}
