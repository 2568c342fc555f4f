package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The PersistentVolumeClaim of a pod.
 *
 * @param bound it has a volume ({@code status.phase=Bound}); also false where it has lost it
 * @param terminating its deletion was requested: it goes, with its volume, when its pod does
 * @param id of the node that was last proven to be on its volume, null if none was
 */
public record ClaimState(String name, boolean bound, boolean terminating, @Nullable NodeId id) {

  public static ClaimState of(PersistentVolumeClaim claim) {
    return new ClaimState(
        claim.getMetadata().getName(),
        claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase()),
        claim.getMetadata().getDeletionTimestamp() != null,
        Optional.ofNullable(claim.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(Labels.NODE_ID))
            .filter(NodeId::isValid)
            .map(NodeId::new)
            .orElse(null));
  }

  /** A new pod of the same name finds the volume as the former one left it. */
  public boolean stays() {
    return bound && !terminating;
  }
}
