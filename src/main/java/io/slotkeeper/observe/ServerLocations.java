package io.slotkeeper.observe;

import io.slotkeeper.model.Sorted;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.Map;
import java.util.Set;

/**
 * Where the servers of one pod may run: a pod that is deleted by force leaves its server behind, on
 * a Kubernetes node that may be cut off.
 *
 * @param nodes the Kubernetes nodes where the present id was last proven, and where its pod was
 *     placed since
 * @param replaced the same for ids that this pod had before and that still own slots
 */
public record ServerLocations(Set<String> nodes, Map<NodeId, Set<String>> replaced) {
  public static final ServerLocations NONE = new ServerLocations(Set.of(), Map.of());

  public ServerLocations {
    nodes = Sorted.set(nodes);
    replaced = Map.copyOf(replaced);
  }
}
