package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import java.util.EnumSet;
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
}
