package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What Kubernetes has of a Redis beside its pods.
 *
 * @param sets the StatefulSets, by the number of their shard
 * @param claims by the name of their pod
 */
public record Inventory(Map<Integer, ShardSet> sets, Map<String, Claim> claims) {

  public static final Inventory EMPTY = new Inventory(Map.of(), Map.of());

  public Inventory {
    sets = Map.copyOf(sets);
    claims = Map.copyOf(claims);
  }

  /**
   * @param sets by the number of their shard
   * @param claims by the name of their pod
   */
  public static Inventory of(Map<Integer, StatefulSet> sets, Map<String, Claim> claims) {
    Map<Integer, ShardSet> byShard = new HashMap<>();
    sets.forEach((shard, set) -> {
      if (set.getMetadata().getDeletionTimestamp() == null) {
        byShard.put(shard, ShardSet.of(set));
      }
    });
    return new Inventory(byShard, claims);
  }

  /** Empty where pods keep their data in an emptyDir, or the claim is gone. */
  public Optional<Claim> claimOf(String pod) {
    return Optional.ofNullable(claims.get(pod));
  }

  /** It was made from an older template than its StatefulSet has now. */
  public boolean isOutdated(PodView pod) {
    ShardSet set = sets.get(pod.shard());
    return set != null && set.revision() != null && !Objects.equals(set.revision(), pod.revision());
  }
}
