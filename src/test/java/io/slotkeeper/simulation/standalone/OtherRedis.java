package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Pod;
import java.util.List;

/** A second Redis in the same namespace, with more data, and healed by another operator. */
final class OtherRedis {
  private static final int PAUSE = 1000;

  private final StandaloneWorld world;

  OtherRedis(StandaloneWorld world) {
    this.world = world;
    world.after(500, this::heal);
  }

  private void heal() {
    List<Server> servers =
        world.servers().stream()
            .filter(server -> server.serving() && server.pod.owner == Pod.Owner.OTHER)
            .toList();
    servers.stream()
        .filter(server -> server.pod.ordinal == 0)
        .forEach(primary -> {
          primary.replication.lead();
          for (int i = 0; i < 3; i++) {
            primary.write();
          }
          servers.stream()
              .filter(server -> server != primary)
              .forEach(server -> server.replication.follow(primary.ip, Replication.PORT));
        });
    world.after(PAUSE, this::heal);
  }
}
