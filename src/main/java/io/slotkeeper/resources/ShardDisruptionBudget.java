package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/**
 * Lets node drains take one pod of a shard at a time, and none while another is not ready. Unlike a
 * minimum of available pods, a maximum of unavailable ones also lets a lone master be drained.
 */
public final class ShardDisruptionBudget {

  private ShardDisruptionBudget() {}

  public static PodDisruptionBudget of(ResolvedSpec redis, int shard) {
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
