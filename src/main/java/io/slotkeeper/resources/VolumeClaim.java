package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * The size that the operator requests for a claim that a StatefulSet has created. Whether the claim
 * goes with the Redis is set separately: a growth that is refused must not keep a termination
 * policy from being carried out.
 */
public final class VolumeClaim {

  private VolumeClaim() {}

  /**
   * A partial object, for server-side apply to an existing claim.
   *
   * @param name of the claim
   */
  public static PersistentVolumeClaim of(ResolvedSpec redis, String name) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace(redis.namespace())
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withNewResources()
        .withRequests(requests(redis))
        .endResources()
        .endSpec()
        .build();
  }

  private static Map<String, Quantity> requests(ResolvedSpec redis) {
    return redis.storage() == null
        ? Map.of()
        : Map.of("storage", redis.storage().resources().requests().storage());
  }
}
