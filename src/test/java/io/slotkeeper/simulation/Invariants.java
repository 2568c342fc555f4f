package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.RedisNode.FailoverMode;
import io.slotkeeper.redis.SlotSet;
import java.util.HashSet;
import java.util.Set;

/** What the operator must never do, judged by the truth that it cannot see. */
final class Invariants {
  /** A server that came back that recently may not have been noticed. */
  private static final int NEWS = 1500;

  private Invariants() {}

  /** Slots are handed out once: what was ever written to is lost, not free. */
  static void mayOwn(Server server, SlotSet slots) {
    for (int slot : server.world.ledger.slots()) {
      if (slots.contains(slot) && server.world.ledger.everWritten(slot)) {
        if (!server.world.api.acceptsLosses()) {
          throw new Violation("slot " + slot + " had keys, and is assigned anew to " + server);
        }
        if (!isDestroyed(server.world, slot)) {
          throw new Violation("slot " + slot + " has a copy, and is assigned anew to " + server);
        }
      }
    }
  }

  /** No id is forgotten that a pod or a volume still has, and no slot loses its owner. */
  static void mayForget(Server server, Line line) {
    World world = server.world;
    for (Pod pod : world.pods.ours()) {
      Volume claim = world.pods.claimOf(pod.name);
      boolean has =
          (pod.volume != null && line.id.equals(pod.volume.id))
              || (claim != null && line.id.equals(claim.id));
      if (has) {
        throw new Violation(server + " forgets " + line.id.brief() + ", which is in " + pod.name);
      }
    }
    boolean givenUp = world.api.accepted().masters().contains(line.id);
    for (int slot : world.ledger.slots()) {
      if (line.slots.contains(slot)
          && world.ledger.everWritten(slot)
          && !(givenUp && isDestroyed(world, slot))
          && world.pods.volumes().stream()
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
    for (Pod pod : replica.world.pods.ours()) {
      Server server = pod.server;
      if (server != null
          && server.id.equals(master)
          && server.serving()
          && !replica.world.nodes.isCut(pod) // what is said of it is what was true before
          && replica.world.now - Math.max(server.servingSince, server.promotedAt) > NEWS) {
        throw new Violation(replica + " takes over from " + server + ", which lives");
      }
    }
  }

  /** A shard of which nothing is left, by the truth. */
  static boolean shardDestroyed(World world) {
    return world.ledger.slots().stream().anyMatch(slot -> isDestroyed(world, slot));
  }

  private static boolean isDestroyed(World world, int slot) {
    return world.pods.volumes().stream()
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
    // What was never written to cannot be told from a copy that is empty by accident.
    return written && !volume.strange && volume.version(slot) > 0 && follows(volume, self, slot);
  }

  private static boolean follows(Volume volume, Line self, int slot) {
    return volume.table().stream()
        .anyMatch(line -> line.id.equals(self.replicaOf) && line.slots.contains(slot));
  }

  /** Half or more of the masters are gone for good. */
  static boolean majorityDestroyed(World world) {
    Set<NodeId> masters = new HashSet<>();
    Set<NodeId> left = new HashSet<>();
    for (Volume volume : world.pods.volumes()) {
      volume.table().stream().filter(Line::votes).forEach(line -> masters.add(line.id));
      if (volume.id != null) {
        left.add(volume.id);
      }
    }
    int gone = (int) masters.stream().filter(id -> !left.contains(id)).count();
    return gone * 2 >= masters.size();
  }

  /** Who reads a key at the owner of its slot gets what was acknowledged. */
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
