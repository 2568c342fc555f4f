package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.RedisErrorException;
import java.util.Comparator;

/**
 * Before its container ends (stop-standalone.sh): a primary hands over to the replica that has
 * most, and its clients connect again. Then the server itself waits for its replicas
 * (shutdown-timeout), and writes what it has.
 */
final class StopScript {
  private static final int POLL = 200;
  private static final int LONGEST = 10_000;

  private final Server server;
  private final Runnable stop;
  private final long until;

  private StopScript(Server server, Runnable stop) {
    this.server = server;
    this.stop = stop;
    until = server.world.now + LONGEST + 2000;
  }

  static void run(Server server, Runnable stop) {
    StopScript script = new StopScript(server, stop);
    if (server.serving() && server.isMaster() && script.handOver()) {
      server.world.after(POLL, script::await);
    } else {
      script.terminate(server.world.now + LONGEST);
    }
  }

  private boolean handOver() {
    return server.replication.online().stream()
        .max(Comparator.comparingLong(replica -> replica.replication.acknowledged))
        .filter(replica -> {
          try {
            server.failover.begin(replica.ip, Replication.PORT, LONGEST);
            return true;
          } catch (RedisErrorException e) {
            return false;
          }
        })
        .isPresent();
  }

  private void await() {
    if (!server.serving()) {
      stop.run();
    } else if (!server.failover.isUnderWay() || server.world.now >= until) {
      if (!server.isMaster() && !server.failover.isUnderWay()) {
        server.closeClients();
      }
      terminate(server.world.now + LONGEST);
    } else {
      server.world.after(POLL, this::await);
    }
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
