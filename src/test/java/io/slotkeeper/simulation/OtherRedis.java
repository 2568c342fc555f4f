package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;

/** A second cluster in the same namespace, with greater epochs, and healed by another operator. */
final class OtherRedis {
  static final int PODS = 3;

  private static final int KEY = 7;

  private final World world;
  private boolean formed;

  OtherRedis(World world) {
    this.world = world;
    world.after(500, this::heal);
  }

  private void heal() {
    List<Server> servers =
        world.servers().stream()
            .filter(server -> server.serving() && server.pod.owner == Pod.Owner.OTHER)
            .toList();
    if (!formed && servers.size() == PODS) {
      for (int i = 0; i < PODS; i++) {
        Line self = servers.get(i).self;
        self.slots = SlotSet.range(i * 5000, i == PODS - 1 ? SlotSet.COUNT - 1 : i * 5000 + 4999);
        self.epoch = 10L + i;
        servers.get(i).currentEpoch = 12;
        servers.get(i).volume.put(i * 5000 + KEY, 1);
      }
      formed = true;
    }
    for (Server server : servers) {
      for (Server other : servers) {
        Line line = server == other ? null : server.line(other.id);
        if (server != other && (line == null || !other.ip.equals(line.ip))) {
          server.bus.shakeHands(other.ip, true);
        }
      }
    }
    world.after(1000, this::heal);
  }

  /** Its data on a volume, as a restored backup brings it. */
  Volume backup() {
    Volume volume = new Volume();
    volume.id = world.newId(Pod.Owner.OTHER);
    Line self = new Line(volume.id, null, world.now);
    self.slots = SlotSet.range(0, 100);
    self.epoch = 20;
    volume.nodes.add(self);
    volume.put(KEY, 1);
    return volume;
  }
}
