package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.Member;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces pods whose server does not run, once the template that they were created from has
 * changed: an image, a node selector, a limit. A StatefulSet leaves them as they are. Pods that
 * never had any data go at once; of those that ran, one of each shard at a time, and the next one
 * only when the one before serves: where the new template does not work either, the others keep
 * what they have.
 */
final class StuckPods {

  private StuckPods() {}

  static List<Action> plan(ClusterModel cluster) {
    List<Action> actions = new ArrayList<>();
    if (!cluster.topology().updates().rolling()) {
      return actions;
    }
    for (int shard = 0; shard < cluster.shards(); shard++) {
      ofShard(cluster, shard, actions);
    }
    return actions;
  }

  private static void ofShard(ClusterModel cluster, int shard, List<Action> actions) {
    List<PodState> pods =
        cluster.view().members().stream()
            .map(Member::pod)
            .filter(pod -> pod.shard() == shard)
            .toList();
    boolean busy = pods.stream().anyMatch(pod -> isComing(cluster, pod)) || lacks(cluster, shard);
    List<PodState> stuck =
        pods.stream()
            .filter(pod -> isStuck(cluster, pod))
            .sorted(
                Comparator.comparing((PodState pod) -> isOwner(cluster, pod))
                    .thenComparing(PodState::name))
            .toList();
    for (PodState pod : stuck) {
      Optional<Safeguard> safeguard = Safeguards.of(cluster, pod);
      boolean unused = safeguard.filter(Safeguard.NeverUsed.class::isInstance).isPresent();
      if (safeguard.isPresent() && (unused || !busy)) {
        actions.add(
            new Action.ReplacePod(
                PodRef.of(pod), Action.ReplacePod.Cause.STUCK, safeguard.get(), Set.of()));
        busy |= !unused;
      }
    }
  }

  private static boolean isStuck(ClusterModel cluster, PodState pod) {
    return cluster.view().inventory().isOutdated(pod)
        && !pod.terminating()
        && pod.container() != PodState.Container.RUNNING
        && (pod.trouble() != null || !pod.started());
  }

  /** It is terminating, or has the newest template and does not serve yet. */
  private static boolean isComing(ClusterModel cluster, PodState pod) {
    return pod.terminating()
        || (!cluster.view().inventory().isOutdated(pod)
            && cluster.peers().stream().noneMatch(peer -> peer.pod().uid().equals(pod.uid())));
  }

  private static boolean lacks(ClusterModel cluster, int shard) {
    return cluster.topology().pods().stream()
        .filter(name -> name.startsWith(cluster.topology().name() + "-shard" + shard + "-"))
        .anyMatch(name -> cluster.view().pod(name).isEmpty());
  }

  /** Replicas first, as in every update. */
  private static boolean isOwner(ClusterModel cluster, PodState pod) {
    return cluster.ownership().owners().keySet().stream()
        .anyMatch(id -> cluster.podNameOf(id).filter(pod.name()::equals).isPresent());
  }
}
