package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/** All objects of one Redis, but its Secret: that needs a password (see {@link AuthSecret}). */
public final class Resources {

  private Resources() {}

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
