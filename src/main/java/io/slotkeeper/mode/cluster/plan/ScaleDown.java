package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What goes when a cluster shrinks: shards that have nothing left, then replicas. */
final class ScaleDown {

  private ScaleDown() {}

  static List<Action> plan(ClusterModel cluster) {
    List<Action> shards = shards(cluster);
    return shards.isEmpty() ? replicas(cluster) : shards;
  }

  private static List<Action> shards(ClusterModel cluster) {
    return IntStream.range(cluster.topology().shards(), cluster.shards())
        .filter(shard -> cluster.shard(shard).stream().allMatch(peer -> isEmpty(cluster, peer)))
        .filter(shard -> isKnown(cluster, shard) && isThere(cluster, shard))
        .<Action>mapToObj(shard ->
            new Action.RemoveShard(
                shard,
                cluster.shard(shard).stream().map(Peer::target).toList(),
                cluster.peers().stream()
                    .filter(p -> p.pod().shard() != shard)
                    .map(Peer::target)
                    .toList()))
        .toList();
  }

  private static boolean isEmpty(ClusterModel cluster, Peer peer) {
    return peer.snapshot().keys() == 0
        && peer.self().slots().isEmpty()
        && !peer.self().hasOpenSlots()
        && !cluster.ownership().owns(peer.id());
  }

  /** Not on its way out already. */
  private static boolean isThere(ClusterModel cluster, int shard) {
    return cluster.view().members().stream()
        .anyMatch(member -> member.pod().shard() == shard && !member.pod().terminating());
  }

  /**
   * Unknown is not empty: a pod whose server does not answer may go only if it never had one, and
   * none is running that may still answer.
   */
  private static boolean isKnown(ClusterModel cluster, int shard) {
    return cluster.membership().absent().stream()
        .filter(member -> member.pod().shard() == shard)
        .noneMatch(member ->
            member.pod().container() == PodState.Container.RUNNING
                || cluster.view().remembered().members().containsKey(member.pod().name()));
  }

  /**
   * Surplus replicas: the highest pods of a StatefulSet go first, so no master may be among them.
   */
  private static List<Action> replicas(ClusterModel cluster) {
    int replicas = cluster.topology().replicas();
    List<Action> actions = new ArrayList<>();
    for (int shard = 0; shard < cluster.topology().shards(); shard++) {
      int last = replicas;
      int index = shard;
      boolean tooMany =
          cluster.view().members().stream()
              .anyMatch(m ->
                  m.pod().shard() == index && m.pod().ordinal() > last && !m.pod().terminating());
      Optional<Peer> master = cluster.masterOf(shard);
      if (!tooMany || master.isEmpty()) {
        continue;
      }
      List<Peer> staying =
          cluster.shard(shard).stream()
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
            new Action.PlannedFailover(
                copies.getFirst().target(), master.get().id(), master.get().pod().name()));
      }
    }
    return actions;
  }
}
