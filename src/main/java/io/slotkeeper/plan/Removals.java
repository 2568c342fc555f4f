package io.slotkeeper.plan;

import io.slotkeeper.observe.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What goes when a cluster gets smaller: shards that have nothing left, then replicas. */
final class Removals {

  private Removals() {}

  static List<Action> plan(Situation situation) {
    List<Action> shards = shards(situation);
    return shards.isEmpty() ? replicas(situation) : shards;
  }

  private static List<Action> shards(Situation situation) {
    return IntStream.range(situation.topology().shards(), situation.shards())
        .filter(shard -> situation.shard(shard).stream().allMatch(peer -> isEmpty(situation, peer)))
        .filter(shard -> isKnown(situation, shard) && isThere(situation, shard))
        .<Action>mapToObj(shard ->
            new Action.RemoveShard(
                shard,
                situation.shard(shard).stream().map(Peer::target).toList(),
                situation.peers().stream()
                    .filter(p -> p.pod().shard() != shard)
                    .map(Peer::target)
                    .toList()))
        .toList();
  }

  private static boolean isEmpty(Situation situation, Peer peer) {
    return peer.snapshot().keys() == 0
        && peer.self().slots().isEmpty()
        && !peer.self().hasOpenSlots()
        && !situation.ownership().owns(peer.id());
  }

  /** Not on its way out already. */
  private static boolean isThere(Situation situation, int shard) {
    return situation.view().members().stream()
        .anyMatch(member -> member.pod().shard() == shard && !member.pod().terminating());
  }

  /**
   * Unknown is not empty: a pod whose server does not answer may only go if it never had one, and
   * none is about to say what it has.
   */
  private static boolean isKnown(Situation situation, int shard) {
    return situation.roster().absent().stream()
        .filter(member -> member.pod().shard() == shard)
        .noneMatch(member ->
            member.pod().container() == PodView.Container.RUNNING
                || situation.view().memory().members().containsKey(member.pod().name()));
  }

  /**
   * Replicas that are too many: the highest pods of a StatefulSet go first, so no master may be.
   */
  private static List<Action> replicas(Situation situation) {
    int replicas = situation.topology().replicas();
    List<Action> actions = new ArrayList<>();
    for (int shard = 0; shard < situation.topology().shards(); shard++) {
      int last = replicas;
      int index = shard;
      boolean tooMany =
          situation.view().members().stream()
              .anyMatch(m ->
                  m.pod().shard() == index && m.pod().ordinal() > last && !m.pod().terminating());
      Optional<Peer> master = situation.masterOf(shard);
      if (!tooMany || master.isEmpty()) {
        continue;
      }
      List<Peer> staying =
          situation.shard(shard).stream()
              .filter(peer -> peer.pod().ordinal() <= last && !peer.pod().terminating())
              .toList();
      List<Peer> copies =
          staying.stream().filter(peer -> peer.inSyncWith(master.get().id())).toList();
      if (master.get().pod().ordinal() <= last) {
        if (copies.size() >= replicas) {
          actions.add(new Action.ShrinkShard(shard, replicas + 1, master.get().target()));
        }
      } else if (!copies.isEmpty()) {
        // One at a time: a planned disruption.
        return List.of(
            new Action.HandOver(
                copies.getFirst().target(), master.get().id(), master.get().pod().name()));
      }
    }
    return actions;
  }
}
