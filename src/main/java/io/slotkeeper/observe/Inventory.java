package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.Sorted;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.resources.PodName;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The Kubernetes objects of a Redis other than its pods.
 *
 * @param sets the StatefulSets, by the number of their shard
 * @param claims by the name of their pod
 * @param sentinels there are objects of Sentinels
 */
public record Inventory(
    Map<Integer, StatefulSetState> sets, Map<String, ClaimState> claims, boolean sentinels) {

  public static final Inventory EMPTY = new Inventory(Map.of(), Map.of());

  /** Without Sentinels. */
  public Inventory(Map<Integer, StatefulSetState> sets, Map<String, ClaimState> claims) {
    this(sets, claims, false);
  }

  public Inventory {
    sets = Sorted.map(sets);
    claims = Sorted.map(claims);
  }

  /**
   * @param sets by the number of their shard
   * @param claims by the name of their pod
   */
  public static Inventory of(Map<Integer, StatefulSet> sets, Map<String, ClaimState> claims) {
    Map<Integer, StatefulSetState> byShard = new HashMap<>();
    sets.forEach((shard, set) -> {
      if (set.getMetadata().getDeletionTimestamp() == null) {
        byShard.put(shard, StatefulSetState.of(set));
      }
    });
    return new Inventory(byShard, claims);
  }

  /** The same, where there are objects of Sentinels, or not. */
  public Inventory withSentinels(boolean present) {
    return new Inventory(sets, claims, present);
  }

  /** Empty where pods keep their data in an emptyDir, or the claim is gone. */
  public Optional<ClaimState> claimOf(String pod) {
    return Optional.ofNullable(claims.get(pod));
  }

  /** A StatefulSet asks for this pod, or was halted and is about to get its number of pods back. */
  public boolean awaits(PodName pod) {
    StatefulSetState set = sets.get(pod.shard());
    return set != null && (set.pods() == 0 || set.pods() > pod.ordinal());
  }

  /** It was created from an older template than its StatefulSet has now. */
  public boolean isOutdated(PodState pod) {
    StatefulSetState set = sets.get(pod.shard());
    return set != null && set.revision() != null && !Objects.equals(set.revision(), pod.revision());
  }
}
