package io.slotkeeper.simulation;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the operator must never do, judged by the truth that it cannot see. */
final class Invariants {
  /** A server that came back that recently may not have been noticed. */
  private static final int NEWS = 1500;

  private Invariants() {}

  /** Slots are handed out once: what was ever written to is lost, not free. */
  static void mayOwn(Server server, SlotSet slots) {
    for (int slot : server.world.ledger.slots()) {
      if (slots.contains(slot) && server.world.ledger.everWritten(slot)) {
        if (!server.world.api.acceptsLosses() && !server.world.api.isBlank()) {
          throw new Violation("slot " + slot + " had keys, and is assigned anew to " + server);
        }
        if (!isDestroyed(server.world, slot)) {
          throw new Violation("slot " + slot + " has a copy, and is assigned anew to " + server);
        }
      }
    }
  }

  /** No id is forgotten that a wanted pod or its volume has, and no slot loses its owner. */
  static void mayForget(Server server, Line line) {
    World world = server.world;
    for (Pod pod : world.pods.ours()) {
      Volume volume = Volume.of(pod);
      Volume claim = (Volume) world.claims.of(pod.name);
      boolean has =
          (volume != null && line.id.equals(volume.id))
              || (claim != null && line.id.equals(claim.id));
      if (has && world.wanted.pods().contains(pod.name)) {
        throw new Violation(server + " forgets " + line.id.brief() + ", which is in " + pod.name);
      }
    }
    boolean givenUp = world.api.accepted().masters().contains(line.id);
    for (int slot : world.ledger.slots()) {
      if (line.slots.contains(slot)
          && world.ledger.everWritten(slot)
          && !(givenUp && isDestroyed(world, slot))
          && world.volumes().stream()
              .flatMap(volume -> volume.table().stream())
              .noneMatch(other -> !other.id.equals(line.id) && other.slots.contains(slot))) {
        throw new Violation(server + " forgets the only known owner of slot " + slot);
      }
    }
  }

  /** Only the dead are replaced without being asked. */
  static void mayTakeOver(Server replica, FailoverMode mode) {
    NodeId master = replica.self.replicaOf;
    if (mode == FailoverMode.GRACEFUL || master == null) {
      return;
    }
    if (mode == FailoverMode.TAKEOVER) {
      mayOutbid(replica, master);
    }
    for (Pod pod : replica.world.pods.ours()) {
      Server server = Server.in(pod);
      if (server != null
          && server.id.equals(master)
          && server.serving()
          && !replica.world.nodes.isCut(pod) // what is said of it is what was true before
          && replica.world.now - Math.max(server.servingSince, server.promotedAt) > NEWS) {
        throw new Violation(replica + " takes over from " + server + ", which lives");
      }
    }
  }

  /** There is no vote, and on a machine that is cut off the master serves the clients there. */
  private static void mayOutbid(Server replica, NodeId master) {
    World world = replica.world;
    for (Server server : world.servers()) {
      if (server.id.equals(master)
          && server.serving()
          && server.state.ok()
          && world.nodes.isCut(server.pod)
          && world.pods.runsOn(server.pod)) {
        throw new Violation(
            replica + " takes over from " + server + ", which serves on a machine that is cut off");
      }
    }
  }

  /** A shard of which nothing is left, by the truth. */
  static boolean shardDestroyed(World world) {
    return world.ledger.slots().stream().anyMatch(slot -> isDestroyed(world, slot))
        || (world.scenario.scales() && !owned(world).equals(SlotSet.ALL));
  }

  /**
   * Slots that a master that there is, or one that a copy there is of, owns. A copy of nothing
   * cannot be distinguished from one that is empty by accident.
   */
  private static SlotSet owned(World world) {
    SlotSet owned = SlotSet.NONE;
    for (Volume volume : world.volumes()) {
      Line self = volume.self();
      NodeId copied = self == null || volume.data.isEmpty() ? null : self.replicaOf;
      NodeId owner = self != null && self.master ? self.id : copied;
      for (Line line : volume.table()) {
        owned = line.id.equals(owner) ? owned.plus(line.slots) : owned;
      }
    }
    return owned;
  }

  private static boolean isDestroyed(World world, int slot) {
    return world.volumes().stream()
        .noneMatch(volume -> isCopy(volume, slot, world.ledger.everWritten(slot)));
  }

  private static boolean isCopy(Volume volume, int slot, boolean written) {
    Line self = volume.self();
    if (self == null) {
      return false;
    }
    if (self.master) {
      return self.slots.contains(slot);
    }
    // A slot that was never written to looks like a copy that is empty by accident.
    return written
        && !volume.strange
        && !volume.old
        && volume.version(slot) > 0
        && follows(volume, self, slot);
  }

  private static boolean follows(Volume volume, Line self, int slot) {
    return volume.table().stream()
        .anyMatch(line -> line.id.equals(self.replicaOf) && line.slots.contains(slot));
  }

  /** Half or more of the masters are gone for good. */
  static boolean majorityDestroyed(World world) {
    Set<NodeId> masters = new HashSet<>();
    Set<NodeId> left = new HashSet<>();
    for (Volume volume : world.volumes()) {
      volume.table().stream().filter(Line::votes).forEach(line -> masters.add(line.id));
      if (volume.id != null) {
        left.add(volume.id);
      }
    }
    int gone = (int) masters.stream().filter(id -> !left.contains(id)).count();
    return gone * 2 >= masters.size();
  }

  /** What a former master has, whose successor went on, does not count. */
  private static boolean isOnlyIn(World world, int shard, Volume volume, int slot) {
    int version = world.ledger.kept(volume, slot);
    return version > 0
        && world.pods.ours().stream()
            .filter(pod -> pod.shard != shard)
            .flatMap(pod -> Stream.ofNullable(Volume.of(pod)))
            .allMatch(other -> world.ledger.kept(other, slot) < version);
  }

  /** A server that becomes a new node has nothing: no slot, and no key. */
  static void mayReset(Server server) {
    if (!server.self.slots.isEmpty() || !server.volume.data.isEmpty()) {
      throw new Violation(server + " is reset, and has " + server.volume.data);
    }
  }

  /** A shard goes that has nothing left: no slot, and no key that is nowhere else. */
  static void mayRemove(World world, int shard) {
    if (shard < world.wanted.shards()) {
      return; // late word of a former leader, or the spec just changed: it is created again
    }
    for (Pod pod : world.pods.ours()) {
      Volume volume = Volume.of(pod);
      Line self = pod.shard != shard || volume == null ? null : volume.self();
      if (volume == null || self == null || !self.master) {
        continue;
      }
      for (int slot : world.ledger.slots()) {
        if (world.ledger.owner(slot) == pod.server && pod.server != null) {
          throw new Violation("shard " + shard + " is removed, and owns slot " + slot);
        }
      }
      if (volume.data.keySet().stream().anyMatch(slot -> isOnlyIn(world, shard, volume, slot))) {
        throw new Violation("shard " + shard + " is removed, and has keys " + volume.data);
      }
    }
  }

  /** The pods that go do not have the master. */
  static void mayShrink(World world, int shard, int pods) {
    for (Pod pod : world.pods.ours()) {
      Server server = Server.in(pod);
      if (pod.shard == shard && pod.ordinal >= pods && server != null && server.self.votes()) {
        boolean owns =
            world.ledger.slots().stream().anyMatch(slot -> world.ledger.owner(slot) == server);
        if (owns) {
          throw new Violation("the master in " + pod.name + " is let go");
        }
      }
    }
  }

  /** It has the wanted size, and nothing is left of a move. */
  static void wellSized(World world, boolean even) {
    Topology wanted = world.wanted;
    Set<String> pods = new HashSet<>();
    world.pods.ours().forEach(pod -> pods.add(pod.name));
    if (!pods.equals(Set.copyOf(wanted.pods()))) {
      throw new Violation("wanted are " + wanted.pods() + ", there are " + pods);
    }
    SlotSet taken = SlotSet.NONE;
    for (Pod pod : world.pods.ours()) {
      Server server = Server.in(pod);
      if (server == null) {
        throw new Violation(pod.name + " has no server");
      }
      if (!server.migrating.isEmpty() || !server.importing.isEmpty()) {
        throw new Violation(
            "%s has open slots: %s, %s".formatted(server, server.migrating, server.importing));
      }
      if (!server.self.master) {
        continue;
      }
      SlotSet slots = server.self.slots;
      if (slots.intersects(taken)) {
        throw new Violation(slots.intersect(taken) + " have two owners");
      }
      taken = taken.plus(slots);
      int share = SlotSet.COUNT / wanted.shards();
      if (even && (slots.size() < share || slots.size() > share + 1)) {
        throw new Violation("not balanced: %s has %d slots".formatted(server, slots.size()));
      }
      for (int slot : server.volume.data.keySet()) {
        // What the servers' own vote brought with a stranger's copy, no move did; no client asks
        // for it.
        if (!slots.contains(slot) && !server.volume.strays.contains(slot)) {
          throw new Violation(
              "%s has a key of slot %d, which it does not own".formatted(server, slot));
        }
      }
    }
    if (!taken.equals(SlotSet.ALL)) {
      throw new Violation("nobody owns " + SlotSet.ALL.minus(taken));
    }
  }

  /** The pods labelled as masters are those whose servers own slots, one of each shard. */
  static void labelled(World world) {
    Set<String> owners = new TreeSet<>();
    Set<String> masters = new TreeSet<>();
    for (Pod pod : world.pods.ours()) {
      Server server = Server.in(pod);
      if (server != null && server.self.votes()) {
        owners.add(pod.name);
      }
      if (pod.role == PodRole.MASTER) {
        masters.add(pod.name);
      }
    }
    if (!masters.equals(owners)) {
      throw new Violation("labelled as masters are %s, slots have %s".formatted(masters, owners));
    }
  }

  /** A client that reads a key at the owner of its slot gets what was acknowledged. */
  static void readable(World world) {
    for (int slot : world.ledger.slots()) {
      Server owner = world.ledger.owner(slot);
      if (owner == null || world.ledger.kept(owner.volume, slot) < world.ledger.owed(slot)) {
        throw new Violation(
            "slot %d: owner %s has version %d of %d"
                .formatted(
                    slot,
                    owner,
                    owner == null ? 0 : owner.volume.version(slot),
                    world.ledger.owed(slot)));
      }
    }
  }
}
