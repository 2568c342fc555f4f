package io.slotkeeper.mode.sentinel.resources;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.ResolvedSpec;

/** Lets node drains take one Sentinel at a time, so that most of them are always there. */
final class SentinelDisruptionBudget {

  private SentinelDisruptionBudget() {}

  static PodDisruptionBudget of(ResolvedSpec redis) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(SentinelStatefulSet.metadata(redis))
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withNewSelector()
        .withMatchLabels(Labels.sentinels(redis.name()))
        .endSelector()
        .endSpec()
        .build();
  }
}
