package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.api.ClusterSpec;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;

/**
 * How large a Redis is to be. One that is larger than the operator has memory for would take it
 * from all others: it stays as large as it is, and is healed at that size.
 *
 * @param problem why it is not as large as asked for
 */
record Size(int masters, int replicas, Optional<Problem> problem) {

  /**
   * @param shards those that exist
   * @param most servers that one Redis may have
   */
  static Size of(ClusterSpec asked, Collection<StatefulSet> shards, int most) {
    long servers = asked.master() * (1L + asked.replicas());
    if (servers <= most) {
      return new Size(asked.master(), asked.replicas(), Optional.empty());
    }
    int pods =
        shards.stream()
            .map(shard -> shard.getSpec().getReplicas())
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(1);
    return new Size(
        Math.max(1, shards.size()),
        Math.max(0, pods - 1),
        Optional.of(
            new Problem(
                Reason.TooManyServers,
                "spec.cluster asks for %d servers; this operator looks after %d in one Redis at most. Ask for fewer, or have its settings.maxServers and its memory limit raised."
                    .formatted(servers, most))));
  }
}
