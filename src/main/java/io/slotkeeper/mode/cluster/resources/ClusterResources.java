package io.slotkeeper.mode.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.slotkeeper.resources.ClientService;
import io.slotkeeper.resources.GoverningService;
import io.slotkeeper.resources.ResolvedSpec;
import io.slotkeeper.resources.ServerConfigMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** All objects of one Redis except its Secret, which needs a password (see {@code AuthSecret}). */
public final class ClusterResources {

  private ClusterResources() {}

  /**
   * The StatefulSet as it may be applied over an existing one: its claim templates cannot be
   * changed, so a volume that has grown keeps its initial size there. The claims themselves grow
   * ({@code VolumeClaim}). Nor does it lose pods: that is a separate decision, as the last pod may
   * be master.
   *
   * @param pods how many pods a halted shard must start with, so that the last owner of its slots
   *     is among them; evaluated only for such a shard
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
    objects.add(BusNetworkPolicy.of(redis, operatorNamespace));
    objects.add(ServerConfigMap.of(redis));
    objects.add(GoverningService.of(redis));
    objects.add(ClientService.of(redis));
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
