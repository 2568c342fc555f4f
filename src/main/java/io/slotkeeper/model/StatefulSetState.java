package io.slotkeeper.model;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.slotkeeper.resources.Labels;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The StatefulSet of a shard.
 *
 * @param revision of its pod template ({@code status.updateRevision}); null while its controller
 *     has not seen the newest one
 * @param pods how many it is to have
 * @param createdAt the beginning of time where that cannot be read
 * @param nudges the recorded nudges of its controller
 * @param moves the recorded attempts to move pods to another node
 */
public record StatefulSetState(
    String name,
    @Nullable String revision,
    int pods,
    Instant createdAt,
    AttemptHistory nudges,
    AttemptHistory moves) {

  public static StatefulSetState of(StatefulSet set) {
    boolean observed =
        set.getStatus() != null
            && Objects.equals(
                set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration());
    Map<String, String> annotations =
        Objects.requireNonNullElse(set.getMetadata().getAnnotations(), Map.of());
    return new StatefulSetState(
        set.getMetadata().getName(),
        observed ? set.getStatus().getUpdateRevision() : null,
        set.getSpec() == null ? 0 : Objects.requireNonNullElse(set.getSpec().getReplicas(), 1),
        instant(set.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH),
        AttemptHistory.parse(annotations.get(Labels.NUDGES)),
        AttemptHistory.parse(annotations.get(Labels.MOVES)));
  }

  private static Optional<Instant> instant(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
