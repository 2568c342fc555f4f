package io.slotkeeper.reconcile;

import io.slotkeeper.api.ClusterSpec;
import io.slotkeeper.mode.cluster.observe.Inventory;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import java.util.Collection;
import java.util.Optional;

/** How large a Redis is. */
record ClusterSize(int masters, int replicas) {

  static ClusterSize asked(ClusterSpec spec) {
    return new ClusterSize(spec.master(), spec.replicas());
  }

  /**
   * That of what runs: all shards that have a StatefulSet or a pod, and the pods that the
   * StatefulSets ask for. A StatefulSet that is halted asks for none.
   *
   * @param asked the size of a Redis that is halted, as far as its StatefulSets do not say
   */
  static ClusterSize running(Inventory inventory, Collection<PodState> pods, ClusterSize asked) {
    int masters =
        Math.max(
            inventory.sets().keySet().stream().mapToInt(shard -> shard + 1).max().orElse(1),
            pods.stream().mapToInt(pod -> pod.shard() + 1).max().orElse(1));
    int most = inventory.sets().values().stream().mapToInt(StatefulSetState::pods).max().orElse(1);
    return new ClusterSize(masters, most == 0 ? asked.replicas() : most - 1);
  }

  /**
   * One that is larger than the operator has memory for would take it from all others.
   *
   * @param most servers that one Redis may have
   */
  static Optional<Problem> problem(ClusterSpec asked, int most) {
    long servers = asked.master() * (1L + asked.replicas());
    return servers <= most
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.TooManyServers,
                "spec.cluster asks for %d servers; this operator looks after %d in one Redis at most. Ask for fewer, or have its settings.maxServers and its memory limit raised."
                    .formatted(servers, most)));
  }
}
