package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
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
  private final Doom doom;
  private final Map<Integer, Integer> owed = new TreeMap<>();

  /** What a client that waits for one replica (WAIT 1) knows to be there. */
  private final Map<Integer, Integer> waited = new HashMap<>();

  private final Map<Integer, Versions> versions = new HashMap<>();
  private final Map<NodeId, Long> aliveAt = new HashMap<>();
  private final List<Integer> slots = new ArrayList<>();
  private long nextWriteAt;

  /** Only one thing goes wrong in this schedule: no write that a replica has may be lost. */
  boolean single;

  Ledger(World world) {
    this.world = world;
    doom = new Doom(world);
    for (int shard = 0; shard < world.scenario.shards(); shard++) {
      SlotSet range = world.scenario.topology().firstSlots(shard);
      slots.add(range.ranges().getFirst().first());
      slots.add(range.ranges().getFirst().last());
      if (world.scenario.scales()) {
        slots.add(range.ranges().getFirst().last() - 1);
        slots.add((range.ranges().getFirst().first() + range.ranges().getFirst().last()) / 2);
      }
    }
    slots.forEach(slot -> versions.put(slot, new Versions()));
  }

  Versions versions(int slot) {
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
    return versions.containsKey(slot) && !versions(slot).acknowledged.isEmpty();
  }

  /** Clients write to any server that says that it owns a slot. */
  void clients() {
    for (Server server : world.servers()) {
      if (server.serving() && !world.nodes.isCut(server.pod)) {
        aliveAt.put(server.id, world.now);
      }
    }
    if (!world.scenario.writes() || !world.api.wasEverFormed() || world.now < nextWriteAt) {
      return;
    }
    nextWriteAt = world.now + PAUSE;
    for (int slot : slots) {
      Server owner = owner(slot);
      Server taker = owner == null ? null : taker(owner, slot);
      if (owner == null || taker == null || !taker.state.ok() || taker.pod.diskFull) {
        continue;
      }
      if (taker == owner
          && world.wanted.replicas() > 0
          && world.servers().stream().anyMatch(server -> server.replication.has(owner, slot))) {
        waited.put(slot, Math.min(kept(owner.volume, slot), owed(slot)));
      }
      if (kept(taker.volume, slot) < owed(slot) && !isElsewhere(slot, taker.volume, owed(slot))) {
        continue; // a server that was behind: what it has is not what is owed
      }
      int before = taker.volume.version(slot);
      int version = versions(slot).next();
      taker.write(slot, version);
      // Destroyed by a fault already, although its process does not know; or Redis itself drops
      // what a master took that has not heard of its successor.
      if (!world.claims.keeps(taker.volume) || isSuperseded(taker.volume, slot)) {
        versions(slot).drop(before);
        continue;
      }
      owed.put(slot, version);
      versions(slot).acknowledged.put(version, world.now);
    }
  }

  /** Where a client's write ends: the owner sends it on (ASK) for a key that it does not have. */
  private @Nullable Server taker(Server owner, int slot) {
    NodeId to = owner.migrating.get(slot);
    if (to == null || owner.volume.version(slot) > 0) {
      return owner;
    }
    Line line = owner.line(to);
    Server server = line == null || line.ip == null ? null : world.listening(line.ip);
    boolean takes =
        server != null && server.id.equals(to) && Access.ASKING.refusal(server, slot) == null;
    return takes ? server : null;
  }

  /**
   * Another master has at least this version of a key: a move has brought it there. Marks get lost
   * by a failover, and then the owner does not know, and writes again.
   */
  private boolean isElsewhere(int slot, Volume volume, int version) {
    if (!world.scenario.scales()) {
      return false;
    }
    Line self = volume.self();
    for (Volume other : world.volumes()) {
      Line line = other == volume ? null : other.self();
      if (line != null
          && line.master
          && (self == null || !line.id.equals(self.replicaOf))
          && version > 0
          && kept(other, slot) >= version
          && !isSuperseded(other, slot)) {
        return true;
      }
    }
    return false;
  }

  /** It has just come to a master whose replicas do not have it yet. */
  void moved(int slot, Volume to) {
    if (!slots.contains(slot)) {
      return; // of no client of the schedule's
    }
    waited.remove(slot);
    versions(slot).moved(world.now);
    if (!world.claims.keeps(to)) {
      lower(slot, 0, "it goes to a server that is lost already");
    }
  }

  /** Copies go, as the user wants it. */
  void thinned() {
    waited.clear();
  }

  /** The owner of a slot: the strongest claim of those that run. */
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
    for (Volume other : world.volumes()) {
      Line self = other.self();
      if (self != null && self.slots.contains(slot) && self.epoch > master.epoch) {
        return true;
      }
    }
    return false;
  }

  private int best(int slot) {
    return best(slot, _ -> true);
  }

  private int best(int slot, Predicate<Volume> which) {
    int best = 0;
    for (Volume volume : world.volumes()) {
      int kept = kept(volume, slot);
      if (kept > best && !isSuperseded(volume, slot) && which.test(volume)) {
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

  /** What a killed master had not written is gone for good where no replica has it. */
  void unwritten(Server master) {
    for (int slot : slots) {
      if (master.self.slots.contains(slot)) {
        lower(slot, kept(master.volume, slot), "not written");
      }
    }
  }

  /** A fault destroyed a copy. */
  void destroyed(String what) {
    for (int slot : slots) {
      lower(slot, best(slot, volume -> !doom.awaits(volume, slot)), what + " is destroyed");
    }
  }

  /** The user has accepted that the data of these slots is lost: they start empty. */
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

  /** A replica is to take over: what it has must be what can be had. */
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
      if (isElsewhere(slot, replica.volume, version + 1)) {
        continue;
      }
      Map.Entry<Integer, Long> lost = times.higherEntry(version);
      if (world.scenario.durable()
          && world.scenario.auth() // without it, any server at the master's address is copied
          && !world.claims.hasForeign()
          && !world.api.accepted().masters().contains(line.id)
          && version == 0
          && owed(slot) == 0
          && versions(slot).isOlder(times.firstEntry(), diedAt - TAIL)) {
        throw new Violation(replica + " has nothing of slot " + slot + ", and is made its master");
      }
      if (version < owed(slot)
          && !suspected
          && replica.replication.wasUp()
          && lost != null
          && versions(slot).isOlder(lost, diedAt - TAIL)) {
        throw new Violation(
            "%s was made master with version %d of slot %d, but %d is still there, lost since %.3f, master died %.3f"
                .formatted(
                    replica, version, slot, owed(slot), lost.getValue() / 1000.0, diedAt / 1000.0));
      }
    }
  }

  /** A replica takes over: from now on what it has is the truth. */
  void promoted(Server replica, boolean byHand) {
    replica.volume.promoted();
    Line line = masterOf(replica);
    for (int slot : slots) {
      if (line == null) {
        continue;
      }
      int version = kept(replica.volume, slot);
      if (!line.slots.contains(slot)) {
        imported(replica, line.id, slot);
      } else if (!isElsewhere(slot, replica.volume, version + 1)) {
        versions(slot).continueAfter(version);
        lower(slot, version, byHand ? "the tail of a failover" : "the servers' own election");
      } else if (byHand && isStolen(line, slot)) {
        throw new Violation(
            "%s takes slot %d back, which its master had given away".formatted(replica, slot));
      }
    }
  }

  private boolean isStolen(Line former, int slot) {
    return world.volumes().stream()
        .map(Volume::self)
        .anyMatch(self ->
            self != null
                && self.master
                && !self.id.equals(former.id)
                && self.slots.contains(slot)
                && self.epoch > former.epoch);
  }

  /** What the former master had of a slot that was on its way there, its replica may not have. */
  private void imported(Server replica, NodeId former, int slot) {
    int shard = 0;
    int rest = kept(replica.volume, slot);
    for (Volume volume : world.volumes()) {
      Line self = volume.self();
      if (self == null || volume == replica.volume) {
        continue;
      }
      int version =
          isSuperseded(volume, slot) || doom.followsDeletion(volume, slot) ? 0 : kept(volume, slot);
      if (self.id.equals(former) || former.equals(self.replicaOf)) {
        shard = Math.max(shard, version);
      } else {
        rest = Math.max(rest, version);
      }
    }
    if (shard > rest) {
      versions(slot).continueAfter(rest);
      lower(slot, rest, "the tail of a failover, of a slot on the move");
    }
  }

  private static @Nullable Line masterOf(Server replica) {
    NodeId master = replica.self.replicaOf;
    return master == null ? null : replica.line(master);
  }

  /** A replica is about to copy what a server has, whichever that is by now. */
  void wiped(Server replica, Server source) {
    replica.volume.strange = source.volume.strange || !source.id.equals(replica.self.replicaOf);
    if (!replica.volume.strange) {
      return;
    }
    // Redis follows an address, and copies the server that has got it since. Only the servers can
    // help that.
    List<Integer> only = new ArrayList<>();
    for (int slot : slots) {
      if (kept(replica.volume, slot) >= owed(slot)
          && kept(source.volume, slot) < owed(slot)
          && world.volumes().stream()
              .noneMatch(v -> v != replica.volume && kept(v, slot) >= owed(slot))) {
        only.add(slot);
      }
    }
    if (!only.isEmpty()) {
      for (int slot : only) {
        int rest =
            world.volumes().stream()
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
