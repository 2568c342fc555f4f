package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The StatefulSet of a shard.
 *
 * @param revision of its pod template ({@code status.updateRevision}); null while its controller
 *     has not seen the newest one
 */
public record ShardSet(String name, @Nullable String revision) {

  public static ShardSet of(StatefulSet set) {
    boolean observed =
        set.getStatus() != null
            && Objects.equals(
                set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration());
    return new ShardSet(
        set.getMetadata().getName(), observed ? set.getStatus().getUpdateRevision() : null);
  }
}
