package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A line of a server's table in {@link Views}: of a master without slots, until it is changed. */
final class Line {
  @Nullable String ip;
  @Nullable NodeId master;
  long epoch;
  SlotSet slots = SlotSet.NONE;
  Set<Flag> flags = EnumSet.noneOf(Flag.class);

  static Line at(@Nullable String ip) {
    Line line = new Line();
    line.ip = ip;
    return line;
  }

  Line copy() {
    Line copy = at(ip);
    copy.master = master;
    copy.epoch = epoch;
    copy.slots = slots;
    return copy;
  }

  /** As CLUSTER NODES tells it. */
  ClusterNode told(
      NodeId id, boolean myself, Map<Integer, NodeId> migrating, Map<Integer, NodeId> importing) {
    Set<Flag> all = EnumSet.copyOf(flags.isEmpty() ? Set.of(Flag.MASTER) : flags);
    all.remove(master == null ? Flag.REPLICA : Flag.MASTER);
    all.add(master == null ? Flag.MASTER : Flag.REPLICA);
    if (myself) {
      all.add(Flag.MYSELF);
    }
    NodeAddress address = ip == null ? null : new NodeAddress(ip, 6379, 16379);
    return new ClusterNode(id, address, all, master, epoch, true, slots, migrating, importing);
  }
}
