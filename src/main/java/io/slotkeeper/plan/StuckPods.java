package io.slotkeeper.plan;

import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
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
public final class StuckPods {

  private StuckPods() {}

  public static List<Action> plan(ModeModel model) {
    List<Action> actions = new ArrayList<>();
    if (!model.topology().updates().rolling()) {
      return actions;
    }
    for (int shard = 0; shard < model.shards(); shard++) {
      ofShard(model, shard, actions);
    }
    return actions;
  }

  private static void ofShard(ModeModel model, int shard, List<Action> actions) {
    List<PodState> pods =
        model.view().members().stream()
            .map(Member::pod)
            .filter(pod -> pod.shard() == shard)
            .toList();
    boolean busy = pods.stream().anyMatch(pod -> isComing(model, pod)) || lacks(model, shard);
    List<PodState> stuck =
        pods.stream()
            .filter(pod -> isStuck(model, pod))
            .sorted(
                Comparator.comparing((PodState pod) -> model.leads(pod))
                    .thenComparing(PodState::name))
            .toList();
    for (PodState pod : stuck) {
      Optional<Safeguard> safeguard = Safeguards.of(model, pod);
      boolean unused = safeguard.filter(Safeguard.NeverUsed.class::isInstance).isPresent();
      if (safeguard.isPresent() && (unused || !busy)) {
        actions.add(
            new Action.ReplacePod(
                PodRef.of(pod), Action.ReplacePod.Cause.STUCK, safeguard.get(), Set.of()));
        busy |= !unused;
      }
    }
  }

  private static boolean isStuck(ModeModel model, PodState pod) {
    return model.view().inventory().isOutdated(pod)
        && !pod.terminating()
        && pod.container() != PodState.Container.RUNNING
        && (pod.trouble() != null || !pod.started());
  }

  /** It is terminating, or has the newest template and does not serve yet. */
  private static boolean isComing(ModeModel model, PodState pod) {
    return pod.terminating() || (!model.view().inventory().isOutdated(pod) && !model.serves(pod));
  }

  private static boolean lacks(ModeModel model, int shard) {
    return model.topology().pods().stream()
        .filter(name -> name.startsWith(model.topology().name() + "-shard" + shard + "-"))
        .anyMatch(name -> model.view().pod(name).isEmpty());
  }
}
