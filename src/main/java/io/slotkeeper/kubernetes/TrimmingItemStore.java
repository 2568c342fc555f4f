package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.slotkeeper.api.Redis;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cache that keeps only the used parts of an object. It holds objects that anyone may label in
 * any namespace: a hundred ConfigMaps of 1 MB must not fill the heap; and a Node lists all its
 * images.
 *
 * @param <R> the kind
 */
final class TrimmingItemStore<R extends HasMetadata> extends BasicItemStore<R> {

  TrimmingItemStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public R put(String key, R object) {
    reduce(object);
    return super.put(key, object);
  }

  /** Takes out what is not used; the object has just been read, and is not shared yet. */
  private static void reduce(HasMetadata object) {
    object.getMetadata().setManagedFields(List.of());
    switch (object) {
      case Service service -> {
        service.setSpec(null);
        service.setStatus(null);
      }
      case PodDisruptionBudget budget -> {
        budget.setSpec(null);
        budget.setStatus(null);
      }
      case Deployment deployment -> {
        deployment.setSpec(null);
        deployment.setStatus(null);
      }
      case NetworkPolicy policy -> policy.setSpec(null);
      case ConfigMap map -> {
        map.setBinaryData(Map.of());
        if (!isOfRedis(map)) {
          map.setData(Map.of());
        }
      }
      case Node node -> {
        if (node.getStatus() != null) {
          NodeStatus status = new NodeStatus();
          status.setConditions(node.getStatus().getConditions());
          node.setStatus(status);
        }
        node.getMetadata().setAnnotations(Map.of());
      }
      default -> {}
    }
  }

  /** The files of running servers are needed, and small. */
  private static boolean isOfRedis(ConfigMap map) {
    return Optional.ofNullable(map.getMetadata().getLabels())
            .map(labels -> labels.get(Labels.REDIS))
            .filter(redis -> new Names(redis).configMap().equals(map.getMetadata().getName()))
            .isPresent()
        && map.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner ->
                Boolean.TRUE.equals(owner.getController())
                    && HasMetadata.getKind(Redis.class).equals(owner.getKind()));
  }
}
