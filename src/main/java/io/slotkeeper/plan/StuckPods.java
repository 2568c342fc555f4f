package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces pods whose server does not run, once the template that they were made from has changed:
 * an image, a node selector, a limit. A StatefulSet leaves them as they are. Pods that never had
 * any data go at once; of those that ran, one of each shard at a time, and the next one only when
 * the one before serves: where the new template does not work either, the others keep what they
 * have.
 */
final class StuckPods {

  private StuckPods() {}

  static List<Action> plan(Situation situation) {
    List<Action> actions = new ArrayList<>();
    if (!situation.topology().updates().rolling()) {
      return actions;
    }
    for (int shard = 0; shard < situation.shards(); shard++) {
      ofShard(situation, shard, actions);
    }
    return actions;
  }

  private static void ofShard(Situation situation, int shard, List<Action> actions) {
    List<PodView> pods =
        situation.view().members().stream()
            .map(Member::pod)
            .filter(pod -> pod.shard() == shard)
            .toList();
    boolean busy =
        pods.stream().anyMatch(pod -> isComing(situation, pod)) || lacks(situation, shard);
    List<PodView> stuck =
        pods.stream()
            .filter(pod -> isStuck(situation, pod))
            .sorted(
                Comparator.comparing((PodView pod) -> isOwner(situation, pod))
                    .thenComparing(PodView::name))
            .toList();
    for (PodView pod : stuck) {
      Optional<Safeguard> safeguard = Safeguards.of(situation, pod);
      boolean unused = safeguard.filter(Safeguard.NeverUsed.class::isInstance).isPresent();
      if (safeguard.isPresent() && (unused || !busy)) {
        actions.add(
            new Action.ReplacePod(
                PodRef.of(pod), Action.ReplacePod.Cause.STUCK, safeguard.get(), Set.of()));
        busy |= !unused;
      }
    }
  }

  private static boolean isStuck(Situation situation, PodView pod) {
    return situation.view().inventory().isOutdated(pod)
        && !pod.terminating()
        && pod.container() != PodView.Container.RUNNING
        && (pod.trouble() != null || !pod.started());
  }

  /** It is on its way out, or has the newest template and does not serve yet. */
  private static boolean isComing(Situation situation, PodView pod) {
    return pod.terminating()
        || (!situation.view().inventory().isOutdated(pod)
            && situation.peers().stream().noneMatch(peer -> peer.pod().uid().equals(pod.uid())));
  }

  private static boolean lacks(Situation situation, int shard) {
    return situation.topology().pods().stream()
        .filter(name -> name.startsWith(situation.topology().name() + "-shard" + shard + "-"))
        .anyMatch(name -> situation.view().pod(name).isEmpty());
  }

  /** Replicas first, as in every update. */
  private static boolean isOwner(Situation situation, PodView pod) {
    return situation.ownership().owners().keySet().stream()
        .anyMatch(id -> situation.podNameOf(id).filter(pod.name()::equals).isPresent());
  }
}
