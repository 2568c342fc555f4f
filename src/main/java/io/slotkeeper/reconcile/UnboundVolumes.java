package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.VolumeSize;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports claims that wait for a volume of another size than the resource asks for by now: the API
 * server accepts a change of size only for a claim that has a volume, and a StatefulSet keeps its
 * initial size.
 */
final class UnboundVolumes {

  private UnboundVolumes() {}

  /** Of these volumes, or of {@link OversizedVolumes}. */
  static Optional<Problem> problem(Redis redis, OwnedObjects owned) {
    return redis.getUnreadable() == null
        ? of(redis.getSpec().storage(), owned.ownClaims())
            .or(() -> OversizedVolumes.of(redis.getSpec().storage(), owned.ownClaims()))
        : Optional.empty();
  }

  static Optional<Problem> of(
      @Nullable StorageSpec storage, Collection<PersistentVolumeClaim> claims) {
    if (storage == null) {
      return Optional.empty();
    }
    Quantity size = storage.resources().requests().storage();
    List<PersistentVolumeClaim> waiting =
        claims.stream()
            .filter(claim -> !VolumeSize.hasVolume(claim) && !VolumeSize.asks(claim, size))
            .sorted(Comparator.comparing(claim -> claim.getMetadata().getName()))
            .toList();
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(problem(waiting, claims.stream().noneMatch(VolumeSize::hasVolume)));
  }

  private static Problem problem(List<PersistentVolumeClaim> waiting, boolean nothingThere) {
    PersistentVolumeClaim first = waiting.getFirst();
    Quantity asked = VolumeSize.requested(first).orElseThrow();
    int more = waiting.size() - 1;
    String way =
        nothingThere
            ? "No volume was ever made, so no data is lost: delete this resource and create it again."
            : "Set spec.storage.resources.requests.storage back to %s, and provide volumes of that size."
                .formatted(asked);
    return new Problem(
        Reason.VolumesMissing,
        "Claim %s%s waits for a volume of %s, and asks for that until it has one. %s"
            .formatted(
                first.getMetadata().getName(),
                more > 0 ? " (and " + more + " more)" : "",
                asked,
                way));
  }
}
