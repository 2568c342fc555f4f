package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pods get another role label. The selector of the scale subresource counts on it: it must
 * match one pod for each shard that serves slots. A shard whose owner does not answer keeps its
 * labels until a successor is seen.
 */
final class Roles {

  private Roles() {}

  /** Former masters first: two pods of one shard must not both be counted. */
  static List<List<Action>> plan(Situation situation, Health health) {
    List<Action> demoted = new ArrayList<>();
    List<Action> promoted = new ArrayList<>();
    for (Member member : situation.view().members()) {
      PodView pod = member.pod();
      Health.Shard shard = health.shards().get(pod.shard());
      Role role = role(shard, pod);
      if (shard.master() != null && role != pod.role()) {
        (role == Role.MASTER ? promoted : demoted)
            .add(new Action.LabelPod(pod.name(), pod.uid(), role));
      }
    }
    return List.of(demoted, promoted);
  }

  private static Role role(Health.Shard shard, PodView pod) {
    if (!pod.name().equals(shard.master())) {
      return Role.REPLICA;
    }
    return shard.slots().isEmpty() ? Role.NONE : Role.MASTER;
  }
}
