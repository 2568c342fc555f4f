package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.api.StorageSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pods of one shard. They start together, in any order, and a template change reaches a pod
 * only when it is deleted: only the operator knows which may go, and when.
 */
public final class ShardStatefulSet {

  private ShardStatefulSet() {}

  public static StatefulSet of(ResolvedSpec redis, int shard) {
    return new StatefulSetBuilder()
        .withMetadata(Metadata.of(redis, redis.names().shard(shard), shard))
        .withNewSpec()
        .withReplicas(redis.halted() ? 0 : redis.podsPerShard())
        .withServiceName(redis.names().governingService())
        .withPodManagementPolicy("Parallel")
        .withNewUpdateStrategy()
        .withType("OnDelete")
        .endUpdateStrategy()
        // Volumes go with their Redis, if at all (VolumeClaim), never because a StatefulSet does.
        .withNewPersistentVolumeClaimRetentionPolicy()
        .withWhenDeleted("Retain")
        .withWhenScaled("Retain")
        .endPersistentVolumeClaimRetentionPolicy()
        .withNewSelector()
        .withMatchLabels(Labels.selector(redis.name(), shard))
        .endSelector()
        .withTemplate(ServerPod.template(redis, shard))
        .withVolumeClaimTemplates(claims(redis, shard, redis.storage()))
        .endSpec()
        .build();
  }

  /**
   * The StatefulSet as it may be applied over an existing one: its claim templates cannot be
   * changed, so a volume that has grown keeps its initial size there. The claims themselves grow
   * ({@code VolumeClaim}). Nor does it lose pods: that is a separate decision, as the last pod may
   * be master.
   *
   * @param pods how many pods a halted shard must start with, so that the newest data is among what
   *     they have; evaluated only for such a shard
   */
  public static StatefulSet over(StatefulSet existing, StatefulSet wanted, IntSupplier pods) {
    List<PersistentVolumeClaim> templates = existing.getSpec().getVolumeClaimTemplates();
    StatefulSet kept = withPods(existing, wanted, pods);
    if (templates.isEmpty() || wanted.getSpec().getVolumeClaimTemplates().isEmpty()) {
      return kept;
    }
    return new StatefulSetBuilder(kept)
        .editSpec()
        .editFirstVolumeClaimTemplate()
        .editSpec()
        .editResources()
        .withRequests(templates.getFirst().getSpec().getResources().getRequests())
        .endResources()
        .endSpec()
        .endVolumeClaimTemplate()
        .endSpec()
        .build();
  }

  private static StatefulSet withPods(
      StatefulSet existing, StatefulSet wanted, IntSupplier holding) {
    int pods = wanted.getSpec().getReplicas();
    if (pods == 0) {
      return wanted;
    }
    int now = Optional.ofNullable(existing.getSpec().getReplicas()).orElse(0);
    int least = now == 0 ? holding.getAsInt() : now;
    return least <= pods
        ? wanted
        : new StatefulSetBuilder(wanted).editSpec().withReplicas(least).endSpec().build();
  }

  private static List<PersistentVolumeClaim> claims(
      ResolvedSpec redis, int shard, @Nullable StorageSpec storage) {
    return storage == null
        ? List.of()
        : List.of(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(Names.DATA)
                .withLabels(Labels.of(redis.name(), shard))
                .endMetadata()
                .withNewSpec()
                .withAccessModes(storage.accessModes())
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", storage.resources().requests().storage()))
                .endResources()
                .endSpec()
                .build());
  }
}
