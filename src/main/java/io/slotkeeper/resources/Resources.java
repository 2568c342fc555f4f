package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;

/** All objects of one Redis, but its Secret: that needs a password (see {@link AuthSecret}). */
public final class Resources {

  private Resources() {}

  /**
   * The StatefulSet as it may be applied over one that exists: its claim templates cannot be
   * changed, so a volume that has grown keeps the size it began with there. The claims themselves
   * grow ({@link VolumeClaim}).
   */
  public static StatefulSet over(StatefulSet existing, StatefulSet wanted) {
    List<PersistentVolumeClaim> templates = existing.getSpec().getVolumeClaimTemplates();
    if (templates.isEmpty() || wanted.getSpec().getVolumeClaimTemplates().isEmpty()) {
      return wanted;
    }
    return new StatefulSetBuilder(wanted)
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

  /** In an order in which each finds what it refers to, and no server starts unprotected. */
  public static List<HasMetadata> of(Blueprint redis) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(BusNetworkPolicy.of(redis));
    objects.add(ServerConfigMap.of(redis));
    objects.add(GoverningService.of(redis));
    objects.add(ClientService.of(redis));
    for (int shard = 0; shard < redis.shards(); shard++) {
      objects.add(ShardDisruptionBudget.of(redis, shard));
      objects.add(ShardStatefulSet.of(redis, shard));
    }
    return List.copyOf(objects);
  }
}
