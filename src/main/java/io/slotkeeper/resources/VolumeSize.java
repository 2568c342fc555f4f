package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeResourceRequirements;
import java.util.Map;
import java.util.Optional;

/**
 * The size that is requested of a claim. A volume never shrinks, but a request does: Kubernetes
 * accepts a smaller one as long as the volume has not grown to the larger one. What has grown is
 * left alone, whether this operator asked for it or something else did.
 */
public final class VolumeSize {
  private static final String STORAGE = "storage";

  private VolumeSize() {}

  /**
   * The wanted claim, requesting no less than what the volume already grew to. A claim without a
   * volume keeps its request: the API server refuses every change of it.
   */
  public static PersistentVolumeClaim over(
      PersistentVolumeClaim existing, PersistentVolumeClaim wanted) {
    Optional<Quantity> wish = requested(wanted);
    Optional<Quantity> present = requested(existing);
    if (wish.isEmpty()
        || present.isEmpty()
        || (hasVolume(existing) && !hasGrownBeyond(existing, wish.get()))) {
      return wanted;
    }
    return new PersistentVolumeClaimBuilder(wanted)
        .editSpec()
        .editResources()
        .withRequests(Map.of(STORAGE, present.get()))
        .endResources()
        .endSpec()
        .build();
  }

  /** Also while that is lost: a claim is bound once. */
  public static boolean hasVolume(PersistentVolumeClaim claim) {
    String volume = claim.getSpec().getVolumeName();
    return volume != null && !volume.isEmpty();
  }

  public static boolean asks(PersistentVolumeClaim claim, Quantity size) {
    return requested(claim).filter(request -> compare(request, size) == 0).isPresent();
  }

  /** The volume has more than this, and the claim asks for more. */
  public static boolean hasGrownBeyond(PersistentVolumeClaim claim, Quantity size) {
    return capacity(claim).filter(capacity -> compare(capacity, size) > 0).isPresent()
        && requested(claim).filter(request -> compare(request, size) > 0).isPresent();
  }

  public static Optional<Quantity> requested(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getSpec().getResources())
        .map(VolumeResourceRequirements::getRequests)
        .map(requests -> requests.get(STORAGE));
  }

  private static Optional<Quantity> capacity(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getStatus())
        .map(PersistentVolumeClaimStatus::getCapacity)
        .map(capacity -> capacity.get(STORAGE));
  }

  private static int compare(Quantity one, Quantity other) {
    return one.getNumericalAmount().compareTo(other.getNumericalAmount());
  }
}
