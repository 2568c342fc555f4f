package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server makes of what others say of slots (cluster_legacy.c: clusterProcessPacket,
 * clusterUpdateSlotsConfigWith).
 */
final class SlotNews {
  private final Server me;

  /**
   * Slots whose owner does not say any more that it owns them (owner_not_claiming_slot): it stays
   * their owner until another one says so, which needs no greater epoch for it.
   */
  private SlotSet unsaid = SlotSet.NONE;

  SlotNews(Server me) {
    this.me = me;
  }

  /** Whose slots and epoch are in the packets: a replica tells those of its master. */
  Line speaksFor() {
    Line master = me.self.replicaOf == null ? null : me.table.get(me.self.replicaOf);
    return master == null ? me.self : master;
  }

  /** What a node owns, as far as it says so itself. */
  SlotSet said(Line line) {
    return line.slots.minus(unsaid);
  }

  boolean thinksUnclaimed(int slot) {
    return unsaid.contains(slot);
  }

  /** SETSLOT NODE, or a takeover. */
  void assign(Line owner, SlotSet slots) {
    for (Line line : me.table.values()) {
      released(line.slots.intersect(slots));
      line.slots = line.slots.minus(slots);
    }
    owner.slots = owner.slots.plus(slots);
  }

  /** Redis 7.0 forgets nothing when it deletes an owner (mended in 7.2: clusterDelSlot). */
  void released(SlotSet slots) {
    if (me.world.scenario.spreadsForget()) {
      unsaid = unsaid.minus(slots);
    }
  }

  void hear(Line sender, Server from) {
    Line header = from.news.speaksFor();
    SlotSet claimed = header.slots;
    long epoch = header.epoch;
    Line owner = sender.master ? sender : line(sender.replicaOf);
    if (owner == null || claimed.equals(owner.slots)) {
      return;
    }
    if (sender.master) {
      claim(sender, epoch, claimed);
    }
    Line better = better(sender, epoch, claimed);
    if (better != null) {
      from.news.update(better.id, better.epoch, said(better));
    }
  }

  private @Nullable Line line(@Nullable NodeId id) {
    return id == null ? null : me.table.get(id);
  }

  /** The owner of the first slot that the sender claims wrongly: it hears of others later. */
  private @Nullable Line better(Line sender, long epoch, SlotSet claimed) {
    Line better = null;
    int first = SlotSet.COUNT;
    for (Line line : me.table.values()) {
      SlotSet wrong = said(line).intersect(claimed);
      if (line != sender && line.epoch > epoch && !wrong.isEmpty()) {
        int slot = wrong.stream().findFirst().orElseThrow();
        if (slot < first) {
          first = slot;
          better = line;
        }
      }
    }
    return better;
  }

  /** An UPDATE: another one owns what I claimed. */
  private void update(NodeId id, long epoch, SlotSet slots) {
    Line owner = me.line(id);
    if (owner == null || owner == me.self || owner.epoch >= epoch) {
      return;
    }
    if (!owner.master) {
      owner.becomeMaster();
    }
    owner.epoch = epoch;
    claim(owner, epoch, slots);
  }

  private void claim(Line sender, long epoch, SlotSet claimed) {
    Line current = me.self.master ? me.self : line(me.self.replicaOf);
    SlotSet bound = sender.slots;
    unsaid = unsaid.minus(bound.intersect(claimed)).plus(bound.minus(claimed));
    // Of what it imports it takes no news.
    SlotSet free = claimed.minus(bound).minus(slots(me.importing.keySet()));
    int taken = 0;
    SlotSet mine = SlotSet.NONE;
    for (Line line : List.copyOf(me.table.values())) {
      SlotSet lost = line == sender ? SlotSet.NONE : line.slots.intersect(free);
      if (line.epoch >= epoch) {
        free = free.minus(lost.minus(unsaid));
        lost = lost.intersect(unsaid);
      }
      line.slots = line.slots.minus(lost);
      if (line == me.self) {
        mine = lost;
      }
      if (line == current) {
        taken = lost.size();
      }
    }
    sender.slots = sender.slots.plus(free);
    unsaid = unsaid.minus(free);
    follow(sender, current, taken, claimed.size(), mine);
  }

  /**
   * @param taken slots of my shard that the sender has got
   * @param all slots that it has
   */
  private void follow(Line sender, @Nullable Line current, int taken, int all, SlotSet mine) {
    // Without replica migration a node only follows one that took just what its shard had.
    if (current != null && taken > 0 && current.slots.isEmpty() && all == taken) {
      me.follow(sender.id);
      return;
    }
    Line master = line(me.self.replicaOf);
    if (master != null && master.replicaOf != null && !master.replicaOf.equals(me.id)) {
      me.follow(master.replicaOf); // "I'm a sub-replica!"
      return;
    }
    for (int slot : List.copyOf(me.volume.data.keySet())) {
      if (mine.contains(slot)) {
        if (me.world.scenario.spreadsForget()) {
          me.delete(slot);
        } else {
          List.copyOf(me.world.servers()).forEach(server -> server.replication.catchUp(me));
          me.volume.bury(slot);
        }
      }
    }
  }

  private static SlotSet slots(Set<Integer> slots) {
    return SlotSet.of(slots.stream().mapToInt(Integer::intValue).toArray());
  }
}
