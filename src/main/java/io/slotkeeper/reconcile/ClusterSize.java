package io.slotkeeper.reconcile;

import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How large a Redis is. */
record ClusterSize(int masters, int replicas) {

  /**
   * The size of what runs: every shard that has a StatefulSet or a pod, or that owned slots when it
   * was last seen, and the pods that the StatefulSets ask for. A halted StatefulSet asks for none.
   *
   * @param asked its replicas count where no StatefulSet asks for a pod
   */
  static ClusterSize running(
      Inventory inventory, Collection<PodState> pods, Remembered remembered, ClusterSize asked) {
    int last =
        Stream.of(
                inventory.sets().keySet().stream(),
                pods.stream().map(PodState::shard),
                remembered.shards().entrySet().stream()
                    .filter(shard -> shard.getValue().owner() != null)
                    .map(Map.Entry::getKey))
            .flatMap(shards -> shards)
            .max(Comparator.naturalOrder())
            .orElse(0);
    int most = inventory.sets().values().stream().mapToInt(StatefulSetState::pods).max().orElse(0);
    return new ClusterSize(
        Math.min(last + 1, SlotSet.COUNT), most == 0 ? asked.replicas() : most - 1);
  }

  /**
   * A Redis too large for the operator's memory would take that memory from all others.
   *
   * @param most servers that one Redis may have
   */
  static Optional<Problem> problem(RedisSpec asked, int most) {
    long servers = asked.shards() * (1L + asked.replicas());
    return servers <= most
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.TooManyServers,
                "%s asks for %d servers; this operator looks after %d in one Redis at most. Ask for fewer, or have its settings.maxServers and its memory limit raised."
                    .formatted(asked.mode().field(), servers, most)));
  }
}
