package io.slotkeeper.mode.cluster.resources;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.ResolvedSpec;

/**
 * Lets node drains take one pod of a shard at a time, and none while another is not ready. Unlike a
 * minimum of available pods, a maximum of unavailable ones also lets a lone master be drained.
 */
final class ShardDisruptionBudget {

  private ShardDisruptionBudget() {}

  static PodDisruptionBudget of(ResolvedSpec redis, int shard) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Metadata.of(redis, redis.names().shard(shard), shard))
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withNewSelector()
        .withMatchLabels(Labels.selector(redis.name(), shard))
        .endSelector()
        .endSpec()
        .build();
  }
}
