package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.reasons.Listing;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.VolumeSize;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports volumes that are larger than the resource asks for: they stay so. */
final class OversizedVolumes {
  /** This many are named; the others are counted. */
  private static final int NAMED = 3;

  private OversizedVolumes() {}

  static Optional<Problem> of(
      @Nullable StorageSpec storage, Collection<PersistentVolumeClaim> claims) {
    if (storage == null) {
      return Optional.empty();
    }
    Quantity size = storage.resources().requests().storage();
    List<PersistentVolumeClaim> grown =
        claims.stream()
            .filter(claim -> VolumeSize.hasGrownBeyond(claim, size))
            .sorted(Comparator.comparing(claim -> claim.getMetadata().getName()))
            .toList();
    return grown.isEmpty() ? Optional.empty() : Optional.of(problem(size, grown));
  }

  private static Problem problem(Quantity size, List<PersistentVolumeClaim> grown) {
    List<String> names = grown.stream().map(claim -> claim.getMetadata().getName()).toList();
    return new Problem(
        Reason.VolumesLarger,
        "Volumes cannot shrink to %s: %s. Set spec.storage.resources.requests.storage to %s, which they have."
            .formatted(size, Listing.of(names, NAMED), largest(grown)));
  }

  private static Quantity largest(List<PersistentVolumeClaim> grown) {
    return grown.stream()
        .flatMap(claim -> VolumeSize.requested(claim).stream())
        .max(Comparator.<Quantity, BigDecimal>comparing(Quantity::getNumericalAmount))
        .orElseThrow();
  }
}
