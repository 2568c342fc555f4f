package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import java.util.Map;

/**
 * How pods keep apart: copies of the same slots on different nodes first, then in different zones,
 * then all pods of a Redis on different nodes. Preferred, not required, and the same on every
 * cluster: docs/adr/0005-preferred-anti-affinity.md.
 */
public final class AntiAffinity {
  private static final String NODE = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private AntiAffinity() {}

  static Affinity of(ResolvedSpec redis, int shard) {
    Map<String, String> copies = Labels.selector(redis.name(), shard);
    return new AffinityBuilder()
        .withNewPodAntiAffinity()
        .withPreferredDuringSchedulingIgnoredDuringExecution(
            apart(100, copies, NODE),
            apart(50, copies, ZONE),
            apart(10, Labels.selector(redis.name()), NODE))
        .endPodAntiAffinity()
        .build();
  }

  /** Of the Sentinels of a Redis: a node that is lost must not take most of them. */
  public static Affinity ofSentinels(ResolvedSpec redis) {
    Map<String, String> sentinels = Labels.sentinels(redis.name());
    return new AffinityBuilder()
        .withNewPodAntiAffinity()
        .withPreferredDuringSchedulingIgnoredDuringExecution(
            apart(100, sentinels, NODE), apart(50, sentinels, ZONE))
        .endPodAntiAffinity()
        .build();
  }

  private static WeightedPodAffinityTerm apart(
      int weight, Map<String, String> from, String topologyKey) {
    return new WeightedPodAffinityTermBuilder()
        .withWeight(weight)
        .withNewPodAffinityTerm()
        .withNewLabelSelector()
        .withMatchLabels(from)
        .endLabelSelector()
        .withTopologyKey(topologyKey)
        .endPodAffinityTerm()
        .build();
  }
}
