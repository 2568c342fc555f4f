package io.slotkeeper.mode.standalone.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.resources.ClientService;
import io.slotkeeper.resources.GoverningService;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerConfigMap;
import io.slotkeeper.resources.ServerNetworkPolicy;
import io.slotkeeper.resources.ShardDisruptionBudget;
import io.slotkeeper.resources.ShardStatefulSet;
import java.util.List;

/** All objects of one Redis except its Secrets, which need a password. */
public final class StandaloneResources {

  /** All keys are in one shard, with the names that the first shard of a cluster has. */
  private static final int SHARD = 0;

  private StandaloneResources() {}

  /**
   * In an order in which each object finds what it refers to, and no server starts unprotected.
   *
   * @param operatorNamespace where the operator's own pods run
   */
  public static List<HasMetadata> of(ResolvedSpec redis, String operatorNamespace) {
    return List.of(
        ServerNetworkPolicy.of(redis, operatorNamespace),
        ServerConfigMap.of(redis),
        GoverningService.of(redis),
        ClientService.of(redis, Labels.masters(redis.name())),
        ReplicasService.of(redis),
        ShardDisruptionBudget.of(redis, SHARD),
        ShardStatefulSet.of(redis, SHARD));
  }
}
