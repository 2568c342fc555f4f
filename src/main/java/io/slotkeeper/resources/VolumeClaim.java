package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * What the operator says of a claim that a StatefulSet has made: its size, which may grow, and that
 * it goes with the Redis, where the termination policy says so. Not by way of the StatefulSet
 * ({@code persistentVolumeClaimRetentionPolicy}): whoever deletes one by hand would delete its
 * data.
 */
public final class VolumeClaim {

  private VolumeClaim() {}

  /**
   * To be applied to a claim that exists: it is no whole one.
   *
   * @param name of the claim
   */
  public static PersistentVolumeClaim of(Blueprint redis, String name) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace(redis.namespace())
        .withName(name)
        .withOwnerReferences(
            redis.terminationPolicy().deletesVolumes()
                ? List.of(redis.owner().reference())
                : List.of())
        .endMetadata()
        .withNewSpec()
        .withNewResources()
        .withRequests(requests(redis))
        .endResources()
        .endSpec()
        .build();
  }

  private static Map<String, Quantity> requests(Blueprint redis) {
    return redis.storage() == null
        ? Map.of()
        : Map.of("storage", redis.storage().resources().requests().storage());
  }
}
