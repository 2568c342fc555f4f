package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server starts as (start-standalone.sh): the replica of the only primary that the other
 * pods show, the primary where it is alone, or the replica of nothing.
 */
final class Roles {
  private static final int MOST = 6;
  private static final int SILENCE = 2000;

  private enum Standing {
    ABSENT,
    PRIMARY,
    REPLICA,
    UNKNOWN
  }

  private final StandaloneWorld world;
  private final Server server;
  private final List<Standing> others = new ArrayList<>();
  private @Nullable String primary;
  private boolean silent;

  private Roles(Server server) {
    world = server.world;
    this.server = server;
  }

  static void take(Server server, Runnable load) {
    server.phase = ServerProcess.Phase.GUARDED;
    Roles roles = new Roles(server);
    roles.ask();
    // It writes its file from what it has heard, and starts.
    int took = roles.silent ? SILENCE : server.world.chance.between(20, 300);
    server.world.after(
        took,
        () -> {
          if (server.phase == ServerProcess.Phase.GUARDED) {
            roles.decide();
            load.run();
          }
        });
  }

  private void ask() {
    for (int ordinal = 0; ordinal < MOST; ordinal++) {
      if (ordinal != server.pod.ordinal) {
        others.add(ask("x-shard0-" + ordinal));
      }
    }
  }

  private Standing ask(String pod) {
    if (world.services.areNameless()) {
      return Standing.UNKNOWN;
    }
    String ip = world.services.address(pod);
    if (ip == null) {
      return Standing.ABSENT;
    }
    Server other = (Server) world.processAt(ip);
    if (other == null || !world.linked(server, other) || other.isStalled()) {
      silent |= other != null || !world.pods.isAddressed(ip);
      return Standing.UNKNOWN;
    }
    boolean answers =
        other.phase != ServerProcess.Phase.GUARDED
            && other.phase != ServerProcess.Phase.ENDED
            && other.pod.owner == Pod.Owner.OURS;
    if (!answers) {
      return Standing.UNKNOWN;
    }
    if (other.isMaster()) {
      primary = ip;
      return Standing.PRIMARY;
    }
    return Standing.REPLICA;
  }

  private void decide() {
    long primaries = others.stream().filter(Standing.PRIMARY::equals).count();
    boolean known = !others.contains(Standing.UNKNOWN);
    if (known && primaries == 1) {
      server.replication.begin(primary, Replication.PORT);
    } else if (isAlone()) {
      server.replication.begin(null, 0);
    } else {
      server.replication.begin("127.0.0.1", 1);
    }
    world.trace.add(
        world.now, () -> "server " + server + " starts as " + server.replication + " " + others);
  }

  private boolean isAlone() {
    return server.pod.ordinal == 0
        && world.files.saysAlone(server.pod)
        && others.stream().allMatch(Standing.ABSENT::equals);
  }
}
