package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.plan.SlotBalance.Move;
import io.slotkeeper.model.Blocker;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationMethod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a cluster gets to another size while it serves. New shards join empty and get their replicas
 * before they get slots; the slots then move straight to their final owner; what has nothing left
 * goes. All of it is derived from the servers in each pass, so an interruption at any point, or a
 * spec change half way, needs no special handling.
 *
 * <p>Nothing moves by itself while the number of shards is as wanted: only what a change or the
 * user began is completed.
 */
final class Scaling {

  private Scaling() {}

  /** What is left to do; empty where the cluster has its size. */
  static Optional<Resharding> of(ClusterModel cluster) {
    if (!cluster.formed() && !isAboutToBeFormed(cluster)) {
      return Optional.empty();
    }
    int leaving =
        (int)
            cluster.view().members().stream()
                .filter(m -> isLeaving(cluster, m.pod().shard(), m.pod().ordinal()))
                .count();
    if (!cluster.hasAllOwners()) {
      return cluster.view().remembered().balancing().underWay()
          ? Optional.of(
              new Resharding(
                  -1,
                  0,
                  false,
                  List.of(),
                  leaving,
                  Optional.of(
                      new Blocker(
                          Blocker.Kind.HEALING, "Slots wait until each has a living owner."))))
          : leaving == 0
              ? Optional.empty()
              : Optional.of(new Resharding(0, 0, false, List.of(), leaving, Optional.empty()));
    }
    int strewn = seconds(cluster).stream().mapToInt(peer -> owned(cluster, peer).size()).sum();
    if (strewn > 0) {
      Optional<Blocker> blocker = cluster.topology().moves().blocker();
      return Optional.of(new Resharding(strewn, 0, false, List.of(), leaving, blocker));
    }
    List<Move> moves = moves(cluster);
    boolean sweeping = moves.isEmpty() && cluster.view().remembered().balancing().underWay();
    if (moves.isEmpty() && leaving == 0 && !sweeping) {
      return Optional.empty();
    }
    return Optional.of(
        new Resharding(
            moves.stream().mapToInt(move -> move.slots().size()).sum(),
            moves.stream().mapToLong(move -> share(cluster, move, NodeSnapshot::keys)).sum(),
            sweeping,
            cluster.topology().moves().byMemory() ? shares(cluster, slots(cluster)) : List.of(),
            leaving,
            hold(cluster, moves)));
  }

  /**
   * The only moment at which it can be seen that slots were assigned unevenly, because the spec was
   * changed meanwhile or servers were lost: it is remembered with the end of formation.
   */
  private static boolean isAboutToBeFormed(ClusterModel cluster) {
    return Formation.isEmpty(cluster) && cluster.hasAllOwners();
  }

  private static boolean isLeaving(ClusterModel cluster, int shard, int ordinal) {
    return shard >= cluster.topology().shards() || ordinal > cluster.topology().replicas();
  }

  /**
   * Peers that own slots beside the master of their shard: one that was cut off was given some, and
   * its replica took over the others.
   */
  private static List<Peer> seconds(ClusterModel cluster) {
    return cluster.peers().stream()
        .filter(peer -> peer.isMaster() && !owned(cluster, peer).isEmpty())
        .filter(peer ->
            cluster
                .masterOf(peer.pod().shard())
                .filter(master -> !master.isSameNode(peer))
                .isPresent())
        .toList();
  }

  private static SlotSet owned(ClusterModel cluster, Peer peer) {
    return cluster.ownership().of(peer.id());
  }

  private static Map<Integer, SlotSet> slots(ClusterModel cluster) {
    Map<Integer, SlotSet> slots = new HashMap<>();
    for (int shard = 0; shard < cluster.shards(); shard++) {
      slots.put(
          shard,
          cluster
              .masterOf(shard)
              .map(peer -> cluster.ownership().of(peer.id()))
              .orElse(SlotSet.NONE));
    }
    return slots;
  }

  /**
   * Begun by formation, by a shard that is still empty or must become empty, or by the user; then
   * until each has its share.
   */
  private static List<Move> moves(ClusterModel cluster) {
    Map<Integer, SlotSet> slots = slots(cluster);
    int wanted = cluster.topology().shards();
    boolean begun =
        cluster.view().remembered().balancing().underWay()
            || isAsked(cluster)
            || !cluster.formed()
            || slots.entrySet().stream()
                .anyMatch(entry -> entry.getKey() < wanted == entry.getValue().isEmpty());
    return begun ? SlotBalance.moves(slots, shares(cluster, slots)) : List.of();
  }

  private static boolean isAsked(ClusterModel cluster) {
    Optional<String> asked = cluster.topology().moves().asked();
    return asked.isPresent() && !asked.equals(cluster.view().remembered().balancing().lastAsked());
  }

  /** Measured once: measuring again in the middle of a migration would move slots twice. */
  private static List<Integer> shares(ClusterModel cluster, Map<Integer, SlotSet> slots) {
    int wanted = cluster.topology().shards();
    if (!cluster.topology().moves().byMemory()) {
      return SlotBalance.even(slots, wanted);
    }
    List<Integer> measured = cluster.view().remembered().balancing().shares();
    if (measured.size() == wanted) {
      return measured;
    }
    Map<Integer, Long> bytes = new HashMap<>();
    slots
        .keySet()
        .forEach(shard ->
            bytes.put(
                shard,
                cluster.masterOf(shard).map(peer -> peer.snapshot().usedMemory()).orElse(0L)));
    return MemoryShares.shares(slots, bytes, wanted);
  }

  /** The part of an amount that moves with the slots, as if it were spread evenly over them. */
  private static long share(
      ClusterModel cluster, Move move, java.util.function.ToLongFunction<NodeSnapshot> amount) {
    return cluster
        .masterOf(move.source())
        .map(peer ->
            amount.applyAsLong(peer.snapshot())
                * move.slots().size()
                / Math.max(1, cluster.ownership().of(peer.id()).size()))
        .orElse(0L);
  }

  private static Optional<Blocker> hold(ClusterModel cluster, List<Move> moves) {
    return cluster.topology().moves().blocker().or(() -> MemoryHeadroom.unmet(cluster, moves));
  }

  /**
   * The next step, to be taken only where nothing else is to be done. Persist {@code
   * status.migration} before moving the first slot: if the spec changes later, it is the only
   * evidence that a migration, not the user, left the shards uneven.
   */
  static List<List<Action>> plan(ClusterModel cluster, Optional<Resharding> resharding) {
    if (!cluster.formed() || !TableAgreement.holds(cluster) || !cluster.hasAllOwners()) {
      return List.of();
    }
    List<List<Action>> moves =
        resharding.filter(left -> left.slots() > 0 && left.blocker().isEmpty()).isPresent()
                && cluster.view().remembered().balancing().underWay()
            ? moveSlots(cluster)
            : List.of();
    if (hasOpenSlotsBut(cluster, moves)) {
      return List.of(List.of(new Action.RepairOpenSlots(masters(cluster), SlotSet.NONE)));
    }
    if (resharding.isEmpty() || resharding.get().isUnknown()) {
      return List.of();
    }
    if (resharding.get().sweeping()) {
      return List.of(List.of(new Action.RepairOpenSlots(masters(cluster), SlotSet.ALL)));
    }
    if (resharding.get().movesSlots()) {
      return moves;
    }
    return List.of(ScaleDown.plan(cluster));
  }

  /** Left open by an abandoned or obsolete migration. */
  private static boolean hasOpenSlotsBut(ClusterModel cluster, List<List<Action>> moves) {
    Set<List<NodeId>> pairs = new HashSet<>();
    for (Action action : moves.stream().flatMap(List::stream).toList()) {
      if (action instanceof Action.MoveSlots move) {
        pairs.add(List.of(move.source().id(), move.destination().id()));
      }
    }
    for (Peer peer : cluster.peers()) {
      boolean open =
          peer.self().migrating().values().stream()
                  .anyMatch(to -> !pairs.contains(List.of(peer.id(), to)))
              || peer.self().importing().values().stream()
                  .anyMatch(from -> !pairs.contains(List.of(from, peer.id())));
      if (peer.isMaster() && open) {
        return true;
      }
    }
    return false;
  }

  private static List<ServerRef> masters(ClusterModel cluster) {
    return cluster.peers().stream().filter(Peer::isMaster).map(Peer::target).toList();
  }

  /**
   * A move that a server can make only after another one comes in a later step. Classic moves take
   * longer than a pass, so there the later step is planned once the others have heard of the first.
   */
  private static List<List<Action>> moveSlots(ClusterModel cluster) {
    List<Peer> seconds = seconds(cluster);
    if (!seconds.isEmpty()) {
      return List.of(gather(cluster, seconds).stream().toList());
    }
    List<Move> ready =
        SlotBalance.keepingLast(moves(cluster), slots(cluster)).stream()
            .filter(move -> canGive(cluster, move.source()) && canTake(cluster, move.destination()))
            .toList();
    MigrationMethod method =
        MigrationMethod.of(cluster.peers().stream().map(Peer::snapshot).toList());
    int parallelism = cluster.topology().moves().parallelism();
    return SlotBalance.rounds(ready, parallelism, method != MigrationMethod.REDIS_ATOMIC).stream()
        .limit(method == MigrationMethod.CLASSIC ? 1 : Long.MAX_VALUE)
        .map(round -> round.stream().map(move -> move(cluster, move, method)).toList())
        .toList();
  }

  private static Action move(ClusterModel cluster, Move move, MigrationMethod method) {
    return move(
        cluster,
        cluster.masterOf(move.source()).orElseThrow(),
        cluster.masterOf(move.destination()).orElseThrow(),
        move.slots(),
        method);
  }

  /**
   * To the master of their shard, one after the other, even if it has no copy: nor has the other.
   */
  private static Optional<Action> gather(ClusterModel cluster, List<Peer> seconds) {
    MigrationMethod method =
        MigrationMethod.of(cluster.peers().stream().map(Peer::snapshot).toList());
    return seconds.stream()
        .filter(second -> !second.pod().terminating() && hasOwnEpoch(cluster, second))
        .flatMap(second ->
            cluster
                .masterOf(second.pod().shard())
                .filter(master -> master.isMaster() && !master.pod().terminating())
                .map(to -> move(cluster, second, to, owned(cluster, second), method))
                .stream())
        .findFirst();
  }

  private static Action move(
      ClusterModel cluster, Peer source, Peer destination, SlotSet slots, MigrationMethod method) {
    List<ServerRef> others =
        cluster.peers().stream()
            .filter(peer ->
                peer.isMaster() && !peer.isSameNode(source) && !peer.isSameNode(destination))
            .map(Peer::target)
            .toList();
    return new Action.MoveSlots(
        source.target(),
        destination.target(),
        others,
        slots,
        method,
        !cluster.ownership().owns(destination.id()),
        cluster.topology().moves().maxPauseMillis());
  }

  /**
   * A shard that stays gives slots only while a copy is in sync: without one, its master may have a
   * silent successor that has the latest writes. That shard must be settled before other masters
   * gain a vote, and vouch for what they know only by hearsay. A shard that leaves may have lost
   * its copies for good.
   */
  private static boolean canGive(ClusterModel cluster, int shard) {
    Topology wanted = cluster.topology();
    return cluster
        .masterOf(shard)
        .filter(peer -> !peer.pod().terminating() && hasOwnEpoch(cluster, peer))
        .filter(peer ->
            shard >= wanted.shards()
                || copies(cluster, shard, peer) >= Math.min(1, wanted.replicas()))
        .isPresent();
  }

  /**
   * Of two masters with one epoch, one takes a greater one as soon as it hears of the other. If
   * that one gives slots away before, its old claim to them becomes greater than the new owner's,
   * which then deletes what it got. Only a look at all masters shows it: neither source nor
   * destination need have heard of the third.
   */
  private static boolean hasOwnEpoch(ClusterModel cluster, Peer source) {
    return cluster.peers().stream()
        .filter(peer -> peer.isMaster() && !peer.isSameNode(source))
        .noneMatch(peer -> peer.self().configEpoch() == source.self().configEpoch());
  }

  private static long copies(ClusterModel cluster, int shard, Peer master) {
    return cluster.shard(shard).stream().filter(peer -> peer.inSyncWith(master.id())).count();
  }

  /** With its copies in sync: what it gets must not be lost with it. */
  private static boolean canTake(ClusterModel cluster, int shard) {
    Optional<Peer> master =
        cluster.masterOf(shard).filter(peer -> peer.isMaster() && !peer.pod().terminating());
    if (master.isEmpty()) {
      return false;
    }
    boolean isNew = !cluster.ownership().owns(master.get().id());
    int wanted = cluster.topology().replicas();
    return copies(cluster, shard, master.get()) >= (isNew ? wanted : Math.min(1, wanted));
  }
}
