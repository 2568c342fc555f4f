package io.slotkeeper.plan;

import io.slotkeeper.balance.Balance;
import io.slotkeeper.balance.Balance.Move;
import io.slotkeeper.balance.Weights;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.migration.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a cluster gets to another size while it serves. New shards join empty and get their replicas
 * before they get slots; the slots then move straight to where they belong in the end; what has
 * nothing left goes. All of it is seen from the servers at each look, so an interruption at any
 * point, or another wish half way, needs no thought of its own.
 *
 * <p>Nothing moves by itself while the number of shards is as wanted: only what a change or the
 * user began is brought to its end.
 */
final class Scaling {

  private Scaling() {}

  /** What is left to do; empty where the cluster has its size. */
  static Optional<Resharding> of(Situation situation) {
    if (!situation.formed() && !isAboutToBeFormed(situation)) {
      return Optional.empty();
    }
    int leaving =
        (int)
            situation.view().members().stream()
                .filter(m -> isLeaving(situation, m.pod().shard(), m.pod().ordinal()))
                .count();
    if (!situation.hasAllOwners()) {
      return situation.view().memory().balancing().underWay()
          ? Optional.of(
              new Resharding(
                  -1,
                  0,
                  false,
                  List.of(),
                  leaving,
                  Optional.of(
                      new Hold(Hold.Kind.HEALING, "Slots wait until each has a living owner."))))
          : leaving == 0
              ? Optional.empty()
              : Optional.of(new Resharding(0, 0, false, List.of(), leaving, Optional.empty()));
    }
    int strewn = seconds(situation).stream().mapToInt(peer -> owned(situation, peer).size()).sum();
    if (strewn > 0) {
      Optional<Hold> hold = situation.topology().moves().hold();
      return Optional.of(new Resharding(strewn, 0, false, List.of(), leaving, hold));
    }
    List<Move> moves = moves(situation);
    boolean sweeping = moves.isEmpty() && situation.view().memory().balancing().underWay();
    if (moves.isEmpty() && leaving == 0 && !sweeping) {
      return Optional.empty();
    }
    return Optional.of(
        new Resharding(
            moves.stream().mapToInt(move -> move.slots().size()).sum(),
            moves.stream().mapToLong(move -> share(situation, move, NodeSnapshot::keys)).sum(),
            sweeping,
            situation.topology().moves().byMemory()
                ? shares(situation, slots(situation))
                : List.of(),
            leaving,
            hold(situation, moves)));
  }

  /**
   * The one moment at which it can be seen that slots were handed out unevenly, because the wish
   * was changed meanwhile or servers were lost: it is remembered with the end of formation.
   */
  private static boolean isAboutToBeFormed(Situation situation) {
    return Formation.isEmpty(situation) && situation.hasAllOwners();
  }

  private static boolean isLeaving(Situation situation, int shard, int ordinal) {
    return shard >= situation.topology().shards() || ordinal > situation.topology().replicas();
  }

  /**
   * Those that own slots beside the master of their shard: one that was cut off was given some, and
   * its replica took over the others.
   */
  private static List<Peer> seconds(Situation situation) {
    return situation.peers().stream()
        .filter(peer -> peer.isMaster() && !owned(situation, peer).isEmpty())
        .filter(peer ->
            situation.masterOf(peer.pod().shard()).filter(master -> !master.is(peer)).isPresent())
        .toList();
  }

  private static SlotSet owned(Situation situation, Peer peer) {
    return situation.ownership().of(peer.id());
  }

  private static Map<Integer, SlotSet> slots(Situation situation) {
    Map<Integer, SlotSet> slots = new HashMap<>();
    for (int shard = 0; shard < situation.shards(); shard++) {
      slots.put(
          shard,
          situation
              .masterOf(shard)
              .map(peer -> situation.ownership().of(peer.id()))
              .orElse(SlotSet.NONE));
    }
    return slots;
  }

  /**
   * Begun by formation, by a shard that has nothing yet or is to have nothing, or by the user; then
   * until each has its share.
   */
  private static List<Move> moves(Situation situation) {
    Map<Integer, SlotSet> slots = slots(situation);
    int wanted = situation.topology().shards();
    boolean begun =
        situation.view().memory().balancing().underWay()
            || isAsked(situation)
            || !situation.formed()
            || slots.entrySet().stream()
                .anyMatch(entry -> entry.getKey() < wanted == entry.getValue().isEmpty());
    return begun ? Balance.moves(slots, shares(situation, slots)) : List.of();
  }

  private static boolean isAsked(Situation situation) {
    Optional<String> asked = situation.topology().moves().asked();
    return asked.isPresent() && !asked.equals(situation.view().memory().balancing().lastAsked());
  }

  /** Measured once: what is measured in the middle of a move would move slots twice. */
  private static List<Integer> shares(Situation situation, Map<Integer, SlotSet> slots) {
    int wanted = situation.topology().shards();
    if (!situation.topology().moves().byMemory()) {
      return Balance.even(slots, wanted);
    }
    List<Integer> measured = situation.view().memory().balancing().shares();
    if (measured.size() == wanted) {
      return measured;
    }
    Map<Integer, Long> bytes = new HashMap<>();
    slots
        .keySet()
        .forEach(shard ->
            bytes.put(
                shard,
                situation.masterOf(shard).map(peer -> peer.snapshot().usedMemory()).orElse(0L)));
    return Weights.shares(slots, bytes, wanted);
  }

  /** The part of something that a move takes with it, as if it were spread evenly over slots. */
  private static long share(
      Situation situation, Move move, java.util.function.ToLongFunction<NodeSnapshot> amount) {
    return situation
        .masterOf(move.source())
        .map(peer ->
            amount.applyAsLong(peer.snapshot())
                * move.slots().size()
                / Math.max(1, situation.ownership().of(peer.id()).size()))
        .orElse(0L);
  }

  private static Optional<Hold> hold(Situation situation, List<Move> moves) {
    return situation.topology().moves().hold().or(() -> MemoryNeed.unmet(situation, moves));
  }

  /**
   * The next step; to be taken only where nothing else is to be done. The first slot moves when it
   * is written down that slots move: with another wish then, nothing else tells that a move, and no
   * user, left the shards uneven.
   */
  static List<List<Action>> plan(Situation situation, Optional<Resharding> resharding) {
    if (!situation.formed() || !Agreement.holds(situation) || !situation.hasAllOwners()) {
      return List.of();
    }
    List<List<Action>> moves =
        resharding.filter(left -> left.slots() > 0 && left.hold().isEmpty()).isPresent()
                && situation.view().memory().balancing().underWay()
            ? moveSlots(situation)
            : List.of();
    if (hasOpenSlotsBut(situation, moves)) {
      return List.of(List.of(new Action.CloseSlots(masters(situation), SlotSet.NONE)));
    }
    if (resharding.isEmpty() || resharding.get().isUnknown()) {
      return List.of();
    }
    if (resharding.get().sweeping()) {
      return List.of(List.of(new Action.CloseSlots(masters(situation), SlotSet.ALL)));
    }
    if (resharding.get().movesSlots()) {
      return moves;
    }
    return List.of(Removals.plan(situation));
  }

  /** Left open by somebody who is not at it any more, or by a move that is not wanted any more. */
  private static boolean hasOpenSlotsBut(Situation situation, List<List<Action>> moves) {
    Set<List<NodeId>> pairs = new HashSet<>();
    for (Action action : moves.stream().flatMap(List::stream).toList()) {
      if (action instanceof Action.MoveSlots move) {
        pairs.add(List.of(move.source().id(), move.destination().id()));
      }
    }
    for (Peer peer : situation.peers()) {
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

  private static List<Target> masters(Situation situation) {
    return situation.peers().stream().filter(Peer::isMaster).map(Peer::target).toList();
  }

  /**
   * What a server can do only after another move comes in a step after that. Of classic moves,
   * which take longer than a pass, that is planned when the others have heard of the first.
   */
  private static List<List<Action>> moveSlots(Situation situation) {
    List<Peer> seconds = seconds(situation);
    if (!seconds.isEmpty()) {
      return List.of(gather(situation, seconds).stream().toList());
    }
    List<Move> ready =
        Balance.keepingLast(moves(situation), slots(situation)).stream()
            .filter(
                move -> canGive(situation, move.source()) && canTake(situation, move.destination()))
            .toList();
    Method method = Method.of(situation.peers().stream().map(Peer::snapshot).toList());
    int parallelism = situation.topology().moves().parallelism();
    return Balance.rounds(ready, parallelism, method != Method.REDIS_ATOMIC).stream()
        .limit(method == Method.CLASSIC ? 1 : Long.MAX_VALUE)
        .map(round -> round.stream().map(move -> move(situation, move, method)).toList())
        .toList();
  }

  private static Action move(Situation situation, Move move, Method method) {
    return move(
        situation,
        situation.masterOf(move.source()).orElseThrow(),
        situation.masterOf(move.destination()).orElseThrow(),
        move.slots(),
        method);
  }

  /**
   * To the master of their shard, one after the other, even if it has no copy: nor has the second.
   */
  private static Optional<Action> gather(Situation situation, List<Peer> seconds) {
    Method method = Method.of(situation.peers().stream().map(Peer::snapshot).toList());
    return seconds.stream()
        .filter(second -> !second.pod().terminating())
        .flatMap(second ->
            situation
                .masterOf(second.pod().shard())
                .filter(master -> master.isMaster() && !master.pod().terminating())
                .map(to -> move(situation, second, to, owned(situation, second), method))
                .stream())
        .findFirst();
  }

  private static Action move(
      Situation situation, Peer source, Peer destination, SlotSet slots, Method method) {
    List<Target> others =
        situation.peers().stream()
            .filter(peer -> peer.isMaster() && !peer.is(source) && !peer.is(destination))
            .map(Peer::target)
            .toList();
    return new Action.MoveSlots(
        source.target(),
        destination.target(),
        others,
        slots,
        method,
        !situation.ownership().owns(destination.id()),
        situation.topology().moves().maxPauseMillis());
  }

  /**
   * A shard that stays gives while a copy is in sync: one that has none may have a successor of its
   * master, which is silent and has what was written since. That shard has to be settled before
   * others come to vote, and vouch for what they have only heard. One that leaves may have lost its
   * copies for good.
   */
  private static boolean canGive(Situation situation, int shard) {
    Topology wanted = situation.topology();
    return situation
        .masterOf(shard)
        .filter(peer -> !peer.pod().terminating())
        .filter(peer ->
            shard >= wanted.shards()
                || copies(situation, shard, peer) >= Math.min(1, wanted.replicas()))
        .isPresent();
  }

  private static long copies(Situation situation, int shard, Peer master) {
    return situation.shard(shard).stream().filter(peer -> peer.inSyncWith(master.id())).count();
  }

  /** With its copies in sync: what it gets must not be lost with it. */
  private static boolean canTake(Situation situation, int shard) {
    Optional<Peer> master =
        situation.masterOf(shard).filter(peer -> peer.isMaster() && !peer.pod().terminating());
    if (master.isEmpty()) {
      return false;
    }
    boolean isNew = !situation.ownership().owns(master.get().id());
    int wanted = situation.topology().replicas();
    return copies(situation, shard, master.get()) >= (isNew ? wanted : Math.min(1, wanted));
  }
}
