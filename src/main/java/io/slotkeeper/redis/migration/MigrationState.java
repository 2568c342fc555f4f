package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a move is, according to its source and its destination.
 *
 * @param here the source owns them, and the destination agrees
 * @param there the destination owns them, and the source agrees
 * @param claimed the destination owns them, and the source, which was moving them there, does not
 *     know yet: the last command of a move is missing
 * @param disputed both claim them, without a move between them: one will hear of the other soon
 * @param open those of {@code here} that are being moved already
 * @param obstacle why the move cannot continue
 */
record MigrationState(
    SlotSet here,
    SlotSet there,
    SlotSet claimed,
    SlotSet disputed,
    SlotSet open,
    Optional<String> obstacle) {

  static MigrationState of(SlotMove move, NodeSnapshot source, NodeSnapshot destination) {
    ClusterNode from = source.table().myself();
    ClusterNode to = destination.table().myself();
    NodeId fromId = move.source().id();
    NodeId toId = move.destination().id();
    SlotSet wanted = move.slots();
    SlotSet leaving = wanted.intersect(SlotSet.of(marked(from.migrating(), toId)));
    SlotSet arriving = wanted.intersect(SlotSet.of(keys(to.importing())));
    SlotSet claimed = to.slots().intersect(leaving);
    SlotSet there = wanted.intersect(to.slots()).minus(from.slots()).minus(claimed);
    SlotSet here = wanted.intersect(from.slots()).minus(to.slots());
    SlotSet disputed = wanted.intersect(from.slots()).intersect(to.slots()).minus(claimed);
    SlotSet elsewhere = wanted.minus(from.slots()).minus(to.slots());
    SlotSet open = here.intersect(leaving.plus(arriving));
    return new MigrationState(
        here,
        there,
        claimed,
        disputed,
        open,
        identity("source", fromId, source)
            .or(() -> identity("destination", toId, destination))
            .or(() -> unknown(source, move.destination()))
            .or(() -> unknown(destination, move.source()))
            .or(() -> detour(from, to, here, move, destination))
            .or(() -> owner(elsewhere)));
  }

  /**
   * Why the source might take a greater epoch than the destination has, while slots go from one to
   * the other. Its outdated claims would then win: the destination would give the slots up, and
   * delete the keys it has got (clusterUpdateSlotsConfigWith).
   *
   * <p>A server takes a greater epoch by itself when another master has the same
   * (clusterHandleConfigEpochCollision); new masters do not always get one of their own at first.
   */
  static Optional<String> unsettled(NodeSnapshot source, NodeSnapshot destination) {
    long epoch = source.table().myself().configEpoch();
    boolean heard =
        destination
            .table()
            .find(source.id())
            .filter(seen -> seen.configEpoch() >= epoch)
            .isPresent();
    if (!heard) {
      return Optional.of("the destination has not heard of the source's epoch " + epoch + " yet");
    }
    return Stream.of(source, destination)
        .flatMap(asked -> asked.table().nodes().stream())
        .filter(node -> !node.id().equals(source.id()) && node.isMaster())
        .filter(node -> node.configEpoch() == epoch && !node.is(Flag.HANDSHAKE))
        .map(node -> "the source has the epoch of " + node.id().brief() + ", and will take another")
        .findFirst();
  }

  private static Optional<String> identity(String role, NodeId id, NodeSnapshot seen) {
    if (!seen.id().equals(id)) {
      return Optional.of("the " + role + " is another server by now: " + seen.id().brief());
    }
    return seen.table().myself().isMaster()
        ? Optional.empty()
        : Optional.of("the " + role + " " + id.brief() + " is not a master any more");
  }

  private static Optional<String> unknown(NodeSnapshot asked, MigrationEndpoint other) {
    return isLivingMaster(asked, other.id())
        ? Optional.empty()
        : Optional.of(asked.id().brief() + " does not know " + other + " as a master in order");
  }

  /** Slots that are being moved to or from another node. */
  private static Optional<String> detour(
      ClusterNode from, ClusterNode to, SlotSet here, SlotMove move, NodeSnapshot destination) {
    for (int slot : here.stream().toArray()) {
      NodeId target = from.migrating().get(slot);
      if (target != null && !target.equals(move.destination().id())) {
        return Optional.of("slot " + slot + " is on the move to " + target.brief());
      }
      NodeId origin = to.importing().get(slot);
      // A former master of this slot was failed over: the new one is our source.
      if (origin != null
          && !origin.equals(move.source().id())
          && isLivingMaster(destination, origin)) {
        return Optional.of("slot " + slot + " is on the move from " + origin.brief());
      }
    }
    return Optional.empty();
  }

  static boolean isLivingMaster(NodeSnapshot asked, NodeId id) {
    return asked
        .table()
        .find(id)
        .filter(node -> node.isMaster() && !node.isFailing() && !node.is(Flag.HANDSHAKE))
        .isPresent();
  }

  private static Optional<String> owner(SlotSet elsewhere) {
    return elsewhere.isEmpty()
        ? Optional.empty()
        : Optional.of("neither source nor destination owns slots " + elsewhere);
  }

  private static int[] marked(Map<Integer, NodeId> marks, NodeId id) {
    return marks.entrySet().stream()
        .filter(mark -> mark.getValue().equals(id))
        .mapToInt(Map.Entry::getKey)
        .toArray();
  }

  private static int[] keys(Map<Integer, NodeId> marks) {
    return marks.keySet().stream().mapToInt(Integer::intValue).toArray();
  }
}
