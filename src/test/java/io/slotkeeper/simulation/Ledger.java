package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes that were acknowledged, and must be somewhere: in a living server, or on a volume. What a
 * fault destroyed, and what the servers' own election gave up, is taken off.
 */
final class Ledger {
  /** Replication is asynchronous: what was acknowledged in the last moments may be lost. */
  private static final int TAIL = 3500;

  private static final int PAUSE = 300;

  private final World world;
  private final Map<Integer, Integer> owed = new TreeMap<>();
  private final Map<Integer, List<Long>> acknowledged = new HashMap<>();
  private final Map<NodeId, Long> aliveAt = new HashMap<>();
  private final List<Integer> slots = new ArrayList<>();
  private long nextWriteAt;

  Ledger(World world) {
    this.world = world;
    for (int shard = 0; shard < world.scenario.shards(); shard++) {
      SlotSet range = world.scenario.topology().firstSlots(shard);
      slots.add(range.ranges().getFirst().first());
      slots.add(range.ranges().getFirst().last());
    }
  }

  List<Integer> slots() {
    return slots;
  }

  int owed(int slot) {
    return owed.getOrDefault(slot, 0);
  }

  boolean everWritten(int slot) {
    return acknowledged.containsKey(slot);
  }

  /** Clients write to whoever says that it owns a slot. */
  void clients() {
    for (Server server : world.servers()) {
      if (server.serving()) {
        aliveAt.put(server.id, world.now);
      }
    }
    if (!world.scenario.writes() || !world.api.isFormed() || world.now < nextWriteAt) {
      return;
    }
    nextWriteAt = world.now + PAUSE;
    for (int slot : slots) {
      Server owner = owner(slot);
      if (owner == null || !owner.state.ok()) {
        continue;
      }
      int version = owner.volume.version(slot) + 1;
      if (version <= owed(slot)) {
        continue; // a server that was behind: what it has is not what is owed
      }
      owner.volume.data.put(slot, version);
      owner.replication.wrote();
      if (!world.pods.keeps(owner.volume)) {
        continue; // destroyed by a fault already, although its process does not know
      }
      if (isSuperseded(owner, slot)) {
        continue; // Redis itself drops what a master took that has not heard of its successor
      }
      owed.put(slot, version);
      List<Long> times = acknowledged.computeIfAbsent(slot, _ -> new ArrayList<>());
      while (times.size() < version) {
        times.add(world.now);
      }
      times.set(version - 1, world.now);
    }
  }

  /** Who owns a slot: the strongest claim of those that run. */
  @Nullable Server owner(int slot) {
    Server best = null;
    for (Server server : world.servers()) {
      boolean claims =
          server.serving()
              && server.self.master
              && server.self.slots.contains(slot)
              && world.ownerOf(server.id) == Pod.Owner.OURS;
      if (claims && (best == null || server.self.epoch > best.self.epoch)) {
        best = server;
      }
    }
    return best;
  }

  private boolean isSuperseded(Server owner, int slot) {
    for (Volume volume : world.pods.volumes()) {
      Line self = volume.self();
      if (self != null && self.slots.contains(slot) && self.epoch > owner.self.epoch) {
        return true;
      }
    }
    return false;
  }

  private int best(int slot) {
    int best = 0;
    for (Volume volume : world.pods.volumes()) {
      best = Math.max(best, volume.version(slot));
    }
    return best;
  }

  void check() {
    for (int slot : slots) {
      int owed = owed(slot);
      if (owed > 0 && best(slot) < owed) {
        throw new Violation(
            "slot %d: version %d was acknowledged, the best copy has %d"
                .formatted(slot, owed, best(slot)));
      }
    }
  }

  /** A fault destroyed a copy. */
  void destroyed(String what) {
    for (int slot : slots) {
      lower(slot, best(slot), what + " is destroyed");
    }
  }

  /** The user has accepted that the data of these slots is lost: they begin anew. */
  void givenUp(SlotSet given) {
    for (int slot : slots) {
      if (given.contains(slot)) {
        lower(slot, 0, "given up");
        acknowledged.remove(slot);
      }
    }
  }

  private void lower(int slot, int version, String why) {
    int before = owed(slot);
    if (version < before) {
      world.trace.add(
          world.now, () -> "slot %d: %d -> %d, %s".formatted(slot, before, version, why));
      owed.put(slot, version);
    }
  }

  /** A replica is told to take over: what it has must be what can be had. */
  void chosen(Server replica) {
    Line line = masterOf(replica);
    if (line == null) {
      return;
    }
    long diedAt = aliveAt.getOrDefault(line.id, 0L);
    boolean suspected = // then the servers' own election would do the same
        world.servers().stream()
            .map(server -> server.line(line.id))
            .anyMatch(seen -> seen != null && seen.failing());
    for (int slot : slots) {
      List<Long> times = acknowledged.get(slot);
      if (times == null || !line.slots.contains(slot)) {
        continue;
      }
      int version = replica.volume.version(slot);
      if (world.scenario.durable()
          && world.scenario.auth() // without it, whoever gets the master's address is copied
          && !world.pods.foreignVolumes()
          && version == 0
          && owed(slot) == 0
          && times.getFirst() < diedAt - TAIL) {
        throw new Violation(replica + " has nothing of slot " + slot + ", and is made its master");
      }
      if (version < owed(slot)
          && !suspected
          && replica.replication.wasUp()
          && times.get(version) < diedAt - TAIL) {
        throw new Violation(
            "%s was made master with version %d of slot %d, but %d is still there, lost since %.3f, master died %.3f"
                .formatted(
                    replica,
                    version,
                    slot,
                    owed(slot),
                    times.get(version) / 1000.0,
                    diedAt / 1000.0));
      }
    }
  }

  /** A replica takes over: from now on what it has is the truth. */
  void promoted(Server replica, boolean byHand) {
    replica.volume.strange = false;
    Line line = masterOf(replica);
    for (int slot : slots) {
      if (line != null && line.slots.contains(slot)) {
        lower(
            slot,
            replica.volume.version(slot),
            byHand ? "the tail of a failover" : "the servers' own election");
      }
    }
  }

  private static @Nullable Line masterOf(Server replica) {
    NodeId master = replica.self.replicaOf;
    return master == null ? null : replica.line(master);
  }

  /** A replica is about to copy what a server has, whoever that is by now. */
  void wiped(Server replica, Server source) {
    replica.volume.strange = source.volume.strange || !source.id.equals(replica.self.replicaOf);
    if (!replica.volume.strange) {
      return;
    }
    // Redis follows an address; whoever has got it since is copied. Nobody but the servers can
    // help.
    List<Integer> only = new ArrayList<>();
    for (int slot : slots) {
      if (replica.volume.version(slot) == owed(slot)
          && source.volume.version(slot) < owed(slot)
          && world.pods.volumes().stream()
              .noneMatch(v -> v != replica.volume && v.version(slot) >= owed(slot))) {
        only.add(slot);
      }
    }
    if (!only.isEmpty()) {
      for (int slot : only) {
        int rest =
            world.pods.volumes().stream()
                .filter(v -> v != replica.volume)
                .mapToInt(v -> v.version(slot))
                .max()
                .orElse(0);
        lower(
            slot,
            Math.max(rest, source.volume.version(slot)),
            "a stranger at the master's address");
      }
    }
  }
}
