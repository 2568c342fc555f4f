package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What to do with slots that an interrupted move left open, and with keys that it left behind.
 *
 * <p>A move that is under way is finished rather than undone: while the source redirects clients
 * and the destination expects them, every write finds the one copy there is; taking keys back
 * meanwhile would lose some. Slots whose move cannot be finished are closed when they hold nothing
 * that the owner does not have. Marks are not replicated by Redis: after a failover of the source
 * only the destination has one, after one of the destination only the source.
 */
final class OpenSlots {

  private OpenSlots() {}

  /** One thing to do with one slot. */
  sealed interface Repair {
    int slot();

    /** The move from the owner is finished. */
    record Finish(int slot, NodeId owner, NodeId destination) implements Repair {}

    /** The mark is removed; no keys are behind it. */
    record Close(int slot, NodeId master) implements Repair {}

    /** Keys of a master that does not own them go to the owner; keys that the owner has stay. */
    record Merge(int slot, NodeId holder, NodeId owner) implements Repair {}

    /** Nothing can be done now. */
    record Leave(int slot, String reason) implements Repair {}
  }

  /** All slots that any master has a mark for. */
  static SlotSet marked(Map<NodeId, NodeSnapshot> masters) {
    return SlotSet.of(
        masters.values().stream()
            .map(seen -> seen.table().myself())
            .flatMapToInt(node ->
                IntStream.concat(
                    node.migrating().keySet().stream().mapToInt(Integer::intValue),
                    node.importing().keySet().stream().mapToInt(Integer::intValue)))
            .toArray());
  }

  /**
   * @param masters the state of each master, all of them
   * @param keys how many keys of which slots they hold
   */
  static List<Repair> decide(
      SlotSet slots, Map<NodeId, NodeSnapshot> masters, Map<NodeId, Map<Integer, Long>> keys) {
    return slots.stream()
        .boxed()
        .flatMap(slot -> new Slot(slot, masters, keys).decide().stream())
        .toList();
  }

  private record Slot(
      int slot, Map<NodeId, NodeSnapshot> masters, Map<NodeId, Map<Integer, Long>> keys) {

    List<Repair> decide() {
      List<NodeId> owners = ids().stream().filter(this::owns).toList();
      if (owners.size() != 1) {
        return several(owners);
      }
      NodeId owner = owners.getFirst();
      Optional<NodeId> destination = destination(owner);
      if (destination.isPresent()) {
        boolean begun = isImporting(destination.get()) || holds(destination.get());
        return List.of(
            begun
                ? new Repair.Finish(slot, owner, destination.get())
                : new Repair.Close(slot, owner));
      }
      List<Repair> repairs = new ArrayList<>();
      for (NodeId id : ids()) {
        if (!id.equals(owner) && holds(id)) {
          repairs.add(new Repair.Merge(slot, id, owner));
        } else if (isImporting(id) || migratingTo(id).isPresent()) {
          repairs.add(new Repair.Close(slot, id));
        }
      }
      return repairs;
    }

    /** Between the last two commands of a move both own the slot, unless the source knows. */
    private List<Repair> several(List<NodeId> owners) {
      if (owners.isEmpty()) {
        return List.of(new Repair.Leave(slot, "no master owns slot " + slot));
      }
      for (NodeId id : owners) {
        Optional<NodeId> to = migratingTo(id);
        if (owners.size() == 2 && to.isPresent() && owners.contains(to.get())) {
          return List.of(new Repair.Finish(slot, id, to.get()));
        }
      }
      return List.of(new Repair.Leave(slot, "masters do not agree on the owner of slot " + slot));
    }

    private Optional<NodeId> destination(NodeId owner) {
      Optional<NodeId> marked = migratingTo(owner);
      if (marked.isPresent() && masters.containsKey(marked.get())) {
        return marked;
      }
      return only(
          ids().stream()
              .filter(id -> !id.equals(owner) && holds(id))
              // The destination was failed over; or the source, and then its mark is lost.
              .filter(id -> marked.isPresent() || importsFor(id, owner))
              .toList());
    }

    private boolean importsFor(NodeId id, NodeId owner) {
      NodeId from = seen(id).table().myself().importing().get(slot);
      return from != null && (from.equals(owner) || !masters.containsKey(from));
    }

    private static Optional<NodeId> only(List<NodeId> ids) {
      return ids.size() == 1 ? Optional.of(ids.getFirst()) : Optional.empty();
    }

    private List<NodeId> ids() {
      return masters.keySet().stream().sorted().toList();
    }

    private NodeSnapshot seen(NodeId id) {
      NodeSnapshot seen = masters.get(id);
      if (seen == null) {
        throw new IllegalArgumentException("no such master: " + id);
      }
      return seen;
    }

    private boolean owns(NodeId id) {
      return seen(id).table().myself().slots().contains(slot);
    }

    private boolean holds(NodeId id) {
      return keys.getOrDefault(id, Map.of()).getOrDefault(slot, 0L) > 0;
    }

    private boolean isImporting(NodeId id) {
      return seen(id).table().myself().importing().containsKey(slot);
    }

    private Optional<NodeId> migratingTo(NodeId id) {
      return Optional.ofNullable(seen(id).table().myself().migrating().get(slot));
    }
  }
}
