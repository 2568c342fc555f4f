package io.slotkeeper.mode.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.resources.ClientService;
import io.slotkeeper.resources.GoverningService;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerConfigMap;
import io.slotkeeper.resources.ServerNetworkPolicy;
import io.slotkeeper.resources.ShardDisruptionBudget;
import io.slotkeeper.resources.ShardStatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All objects of one Redis except its Secrets, which need a password. */
public final class ClusterResources {

  private ClusterResources() {}

  /** In an order in which each object finds what it refers to, and no server starts unprotected. */
  public static List<HasMetadata> of(ResolvedSpec redis, String operatorNamespace) {
    return of(redis, List.of(), operatorNamespace);
  }

  /**
   * The same, with surplus shards that still hold something.
   *
   * @param leaving their numbers
   * @param operatorNamespace where the operator's own pods run
   */
  public static List<HasMetadata> of(
      ResolvedSpec redis, List<Integer> leaving, String operatorNamespace) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(ServerNetworkPolicy.of(redis, operatorNamespace));
    objects.add(ServerConfigMap.of(redis));
    objects.add(GoverningService.of(redis));
    // Any ready server can redirect clients to the owners of slots, so all are selected.
    objects.add(ClientService.of(redis, Labels.selector(redis.name())));
    IntStream all =
        IntStream.concat(
            IntStream.range(0, redis.shards()), leaving.stream().mapToInt(Integer::intValue));
    for (int shard : all.toArray()) {
      objects.add(ShardDisruptionBudget.of(redis, shard));
      objects.add(ShardStatefulSet.of(redis, shard));
    }
    return List.copyOf(objects);
  }
}
