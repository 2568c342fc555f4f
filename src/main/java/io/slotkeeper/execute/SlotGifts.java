package io.slotkeeper.execute;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;

/** Makes a server the owner of slots that no other server owns. */
final class SlotGifts {

  private SlotGifts() {}

  /** Safe to repeat: what an earlier attempt did is skipped. */
  static void startAnew(RedisNode node, Action.ReassignLostSlots action) {
    ClusterTable table = node.look().table();
    NodeId lost = action.lost();
    if (lost != null && table.find(lost).filter(n -> !n.slots().isEmpty()).isPresent()) {
      node.forget(lost); // it takes no slots that have an owner in its own table
    }
    node.bumpEpoch();
    ClusterNode self = table.myself();
    // Earlier owners this node still believes in; only the lost owner could have corrected it.
    SlotSet stale =
        table.nodes().stream()
            .filter(other -> !other.id().equals(lost) && !other.id().equals(self.id()))
            .map(other -> other.slots().intersect(action.slots()))
            .reduce(SlotSet.NONE, SlotSet::plus);
    if (!stale.isEmpty()) {
      node.slots().setSlots(stale, new SlotCommands.Mark.Owned(self.id()), 1);
    }
    node.addSlots(action.slots().minus(self.slots()).minus(stale));
  }

  static void assign(RedisNode node, Action.AssignSlots action) {
    NodeSnapshot now = node.look();
    // Only a node that knows no other takes an epoch; all others settle theirs among themselves.
    if (now.table().nodes().size() == 1 && now.table().myself().configEpoch() == 0) {
      node.setConfigEpoch(action.epoch());
    }
    if (!now.table().myself().slots().equals(action.slots())) {
      node.addSlots(action.slots().minus(now.table().myself().slots()));
    }
  }
}
