package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Health;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pods get another role label. The selector of the scale subresource relies on it: it must
 * match one pod for each shard that serves slots. A shard whose owner does not answer keeps its
 * labels until a successor is seen.
 */
final class RoleLabels {

  private RoleLabels() {}

  /** Former masters first: two pods of one shard must never be counted at once. */
  static List<List<Action>> plan(ClusterModel cluster, Health health) {
    List<Action> demoted = new ArrayList<>();
    List<Action> promoted = new ArrayList<>();
    for (Member member : cluster.view().members()) {
      PodState pod = member.pod();
      Health.Shard shard = health.shards().get(pod.shard());
      PodRole role = role(shard, pod);
      if (shard.master() != null && role != pod.role()) {
        (role == PodRole.MASTER ? promoted : demoted)
            .add(new Action.LabelPod(pod.name(), pod.uid(), role));
      }
    }
    return List.of(demoted, promoted);
  }

  private static PodRole role(Health.Shard shard, PodState pod) {
    if (!pod.name().equals(shard.master())) {
      return PodRole.REPLICA;
    }
    return shard.slots().isEmpty() ? PodRole.NONE : PodRole.MASTER;
  }
}
