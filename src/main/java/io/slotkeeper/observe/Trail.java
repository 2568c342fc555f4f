package io.slotkeeper.observe;

import io.slotkeeper.redis.NodeId;
import java.util.Map;
import java.util.Set;

/**
 * Where the servers of one pod may run: a pod that is deleted by force leaves its server behind, on
 * a machine that may be cut off.
 *
 * @param hosts the machines where the present id was last proven, and where its pod was placed
 *     since
 * @param replaced the same of ids that this pod had before, and that still own slots
 */
public record Trail(Set<String> hosts, Map<NodeId, Set<String>> replaced) {
  public static final Trail NONE = new Trail(Set.of(), Map.of());

  public Trail {
    hosts = Set.copyOf(hosts);
    replaced = Map.copyOf(replaced);
  }
}
