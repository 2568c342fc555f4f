package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
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

  /** What a client that waits for one replica (WAIT 1) was told to be there. */
  private final Map<Integer, Integer> waited = new HashMap<>();

  private final Map<Integer, Versions> versions = new HashMap<>();
  private final Map<NodeId, Long> aliveAt = new HashMap<>();
  private final List<Integer> slots = new ArrayList<>();
  private long nextWriteAt;

  /** Only one thing goes wrong in this schedule: no write that a replica has may be lost. */
  boolean single;

  Ledger(World world) {
    this.world = world;
    for (int shard = 0; shard < world.scenario.shards(); shard++) {
      SlotSet range = world.scenario.topology().firstSlots(shard);
      slots.add(range.ranges().getFirst().first());
      slots.add(range.ranges().getFirst().last());
    }
    slots.forEach(slot -> versions.put(slot, new Versions()));
  }

  private Versions versions(int slot) {
    return Objects.requireNonNull(versions.get(slot));
  }

  /** What a volume has of a slot. */
  int kept(Volume volume, int slot) {
    return versions(slot).kept(volume.version(slot));
  }

  List<Integer> slots() {
    return slots;
  }

  int owed(int slot) {
    return owed.getOrDefault(slot, 0);
  }

  boolean everWritten(int slot) {
    Versions of = versions.get(slot);
    return of != null && !of.acknowledged.isEmpty();
  }

  /** Clients write to whoever says that it owns a slot. */
  void clients() {
    for (Server server : world.servers()) {
      if (server.serving() && !world.nodes.isCut(server.pod)) {
        aliveAt.put(server.id, world.now);
      }
    }
    if (!world.scenario.writes() || !world.api.isFormed() || world.now < nextWriteAt) {
      return;
    }
    nextWriteAt = world.now + PAUSE;
    for (int slot : slots) {
      Server owner = owner(slot);
      if (owner == null || !owner.state.ok() || owner.pod.diskFull) {
        continue;
      }
      if (world.servers().stream().anyMatch(server -> server.replication.has(owner, slot))) {
        waited.put(slot, Math.min(kept(owner.volume, slot), owed(slot)));
      }
      if (kept(owner.volume, slot) < owed(slot)) {
        continue; // a server that was behind: what it has is not what is owed
      }
      int before = owner.volume.version(slot);
      int version = versions(slot).next();
      owner.volume.data.put(slot, version);
      owner.replication.wrote();
      // Destroyed by a fault already, although its process does not know; or Redis itself drops
      // what a master took that has not heard of its successor.
      if (!world.pods.keeps(owner.volume) || isSuperseded(owner.volume, slot)) {
        versions(slot).drop(before);
        continue;
      }
      owed.put(slot, version);
      versions(slot).acknowledged.put(version, world.now);
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

  /** Another one has a stronger claim: what this master has, it will drop for what that one has. */
  private boolean isSuperseded(Volume volume, int slot) {
    Line master = volume.self();
    if (master == null || !master.slots.contains(slot)) {
      return false;
    }
    for (Volume other : world.pods.volumes()) {
      Line self = other.self();
      if (self != null && self.slots.contains(slot) && self.epoch > master.epoch) {
        return true;
      }
    }
    return false;
  }

  private int best(int slot) {
    int best = 0;
    for (Volume volume : world.pods.volumes()) {
      int kept = kept(volume, slot);
      if (kept > best && !isSuperseded(volume, slot)) {
        best = kept;
      }
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
        waited.remove(slot);
        versions(slot).acknowledged.clear();
      }
    }
  }

  private void lower(int slot, int version, String why) {
    int before = owed(slot);
    if (version < before) {
      if (single && version < waited.getOrDefault(slot, 0)) {
        throw new Violation(
            "slot %d: a replica had version %d, and %d is left after a single failure: %s"
                .formatted(slot, waited.get(slot), version, why));
      }
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
      if (!everWritten(slot) || !line.slots.contains(slot)) {
        continue;
      }
      NavigableMap<Integer, Long> times = versions(slot).acknowledged;
      int version = kept(replica.volume, slot);
      Map.Entry<Integer, Long> lost = times.higherEntry(version);
      if (world.scenario.durable()
          && world.scenario.auth() // without it, whoever gets the master's address is copied
          && !world.pods.foreignVolumes()
          && version == 0
          && owed(slot) == 0
          && times.firstEntry().getValue() < diedAt - TAIL) {
        throw new Violation(replica + " has nothing of slot " + slot + ", and is made its master");
      }
      if (version < owed(slot)
          && !suspected
          && replica.replication.wasUp()
          && lost != null
          && lost.getValue() < diedAt - TAIL) {
        throw new Violation(
            "%s was made master with version %d of slot %d, but %d is still there, lost since %.3f, master died %.3f"
                .formatted(
                    replica, version, slot, owed(slot), lost.getValue() / 1000.0, diedAt / 1000.0));
      }
    }
  }

  /** A replica takes over: from now on what it has is the truth. */
  void promoted(Server replica, boolean byHand) {
    replica.volume.strange = false;
    Line line = masterOf(replica);
    for (int slot : slots) {
      if (line != null && line.slots.contains(slot)) {
        int version = kept(replica.volume, slot);
        versions(slot).continueAfter(version);
        lower(slot, version, byHand ? "the tail of a failover" : "the servers' own election");
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
      if (kept(replica.volume, slot) == owed(slot)
          && kept(source.volume, slot) < owed(slot)
          && world.pods.volumes().stream()
              .noneMatch(v -> v != replica.volume && kept(v, slot) >= owed(slot))) {
        only.add(slot);
      }
    }
    if (!only.isEmpty()) {
      for (int slot : only) {
        int rest =
            world.pods.volumes().stream()
                .filter(v -> v != replica.volume)
                .mapToInt(v -> kept(v, slot))
                .max()
                .orElse(0);
        lower(
            slot, Math.max(rest, kept(source.volume, slot)), "a stranger at the master's address");
      }
    }
  }
}
