package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.reasons.Listing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the spec asks for and Kubernetes does not have yet. A pass reads the objects from caches
 * before it applies them, and controllers see a change later still: until they have, it is unknown
 * which pods are outdated, and nothing is complete.
 */
final class PendingChanges {
  /** Conditions of a claim that say why it does not grow. */
  private static final Set<String> RESIZE_ERRORS =
      Set.of("ControllerResizeError", "NodeResizeError");

  private static final int MOST_NAMES = 6;

  private PendingChanges() {}

  /**
   * @param applied in this pass
   * @return sentences
   */
  static List<String> of(
      Collection<ObjectApplier.Result> applied,
      Collection<StatefulSet> shards,
      Collection<PersistentVolumeClaim> claims) {
    List<String> pending = new ArrayList<>();
    List<String> changed =
        applied.stream()
            .filter(ObjectApplier.Result::changed)
            .map(ObjectApplier.Result::name)
            .toList();
    if (!changed.isEmpty()) {
      pending.add("Just changed: " + Listing.of(changed, MOST_NAMES) + ".");
    }
    List<String> unseen =
        shards.stream()
            .filter(PendingChanges::isUnseen)
            .map(PendingChanges::name)
            .sorted()
            .toList();
    if (!unseen.isEmpty()) {
      pending.add(
          "Kubernetes has not processed the newest change of StatefulSet %s yet."
              .formatted(Listing.of(unseen, MOST_NAMES)));
    }
    List<String> growing =
        claims.stream().flatMap(claim -> growth(claim).stream()).sorted().toList();
    if (!growing.isEmpty()) {
      pending.add("Volumes grow: " + Listing.of(growing, MOST_NAMES) + ".");
    }
    return pending;
  }

  private static boolean isUnseen(StatefulSet shard) {
    return shard.getMetadata().getDeletionTimestamp() == null
        && (shard.getStatus() == null
            || !Objects.equals(
                shard.getStatus().getObservedGeneration(), shard.getMetadata().getGeneration()));
  }

  private static Optional<String> growth(PersistentVolumeClaim claim) {
    if (claim.getMetadata().getDeletionTimestamp() != null
        || claim.getStatus() == null
        || claim.getStatus().getCapacity() == null
        || claim.getSpec().getResources() == null
        || claim.getSpec().getResources().getRequests() == null) {
      return Optional.empty();
    }
    Quantity asked = storage(claim.getSpec().getResources().getRequests());
    Quantity there = storage(claim.getStatus().getCapacity());
    if (asked == null
        || there == null
        || asked.getNumericalAmount().compareTo(there.getNumericalAmount()) <= 0) {
      return Optional.empty();
    }
    String why =
        Optional.ofNullable(claim.getStatus().getConditions()).stream()
            .flatMap(List::stream)
            .filter(condition -> RESIZE_ERRORS.contains(condition.getType()))
            .map(PersistentVolumeClaimCondition::getMessage)
            .filter(Objects::nonNull)
            .findFirst()
            .map(message -> ", " + message)
            .orElse("");
    return Optional.of("%s (%s, asked for %s%s)".formatted(name(claim), there, asked, why));
  }

  private static @Nullable Quantity storage(Map<String, Quantity> amounts) {
    return amounts.get("storage");
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
