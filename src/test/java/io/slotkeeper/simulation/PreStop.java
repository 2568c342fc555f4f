package io.slotkeeper.simulation;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import java.util.Comparator;
import java.util.Optional;

/** stop.sh: a master hands its slots to the replica that has most, and ends when that is done. */
final class PreStop {
  private static final int POLL = 200;
  private static final int PATIENCE = 5000;

  private final Server server;
  private final Runnable stop;
  private final long until;

  private PreStop(Server server, Runnable stop) {
    this.server = server;
    this.stop = stop;
    until = server.world.now + PATIENCE;
  }

  /** The operator deletes a pod, which takes its time to stop. */
  static void replace(World world, Pod pod) {
    pod.replaced = true;
    pod.deleting = true;
    world.api.changed();
    if (world.nodes.isCut(pod)) {
      return;
    }
    Server server = Server.in(pod);
    Runnable stop = () -> world.after(world.chance.between(10, 300), () -> world.pods.gone(pod));
    if (server == null) {
      stop.run();
    } else {
      run(server, stop);
    }
  }

  private static void run(Server server, Runnable stop) {
    PreStop hook = new PreStop(server, stop);
    successor(server).ifPresent(PreStop::ask);
    hook.await();
  }

  private static Optional<Server> successor(Server server) {
    return server.world.servers().stream()
        .filter(replica -> replica.serving() && server.id.equals(replica.self.replicaOf))
        .filter(replica -> replica.replication.isUp() && server.world.linked(server, replica))
        .max(Comparator.comparingLong(replica -> replica.replication.offset));
  }

  private static void ask(Server replica) {
    try {
      replica.election.request(FailoverMode.GRACEFUL);
    } catch (RedisErrorException e) {
      replica.world.trace.add(replica.world.now, () -> "no hand-over: " + e.getMessage());
    }
  }

  private void await() {
    boolean leads = server.serving() && server.self.votes();
    if (leads && successor(server).isPresent() && server.world.now < until) {
      server.world.after(POLL, this::await);
    } else {
      stop.run();
    }
  }
}
