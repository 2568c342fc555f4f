package io.slotkeeper.mode.cluster.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.api.StorageSpec;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Metadata;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerPod;
import java.util.List;
import java.util.Map;
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
