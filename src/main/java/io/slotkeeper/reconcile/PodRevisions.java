package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which pods were created from another template than their StatefulSet has now. */
final class PodRevisions {
  private static final String REVISION = "controller-revision-hash";

  private final Map<String, StatefulSet> owners;

  PodRevisions(Collection<StatefulSet> shards) {
    owners =
        shards.stream()
            .collect(Collectors.toMap(s -> s.getMetadata().getUid(), Function.identity()));
  }

  boolean isOutdated(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .map(owner -> owners.get(owner.getUid()))
        .filter(Objects::nonNull)
        .map(PodRevisions::revision)
        .anyMatch(wanted ->
            wanted != null && !wanted.equals(pod.getMetadata().getLabels().get(REVISION)));
  }

  /** The revision of its template; null while its controller has not seen the newest one. */
  private static @Nullable String revision(StatefulSet shard) {
    return shard.getStatus() == null
            || !Objects.equals(
                shard.getStatus().getObservedGeneration(), shard.getMetadata().getGeneration())
        ? null
        : shard.getStatus().getUpdateRevision();
  }
}
