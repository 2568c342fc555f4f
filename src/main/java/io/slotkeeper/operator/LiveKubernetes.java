package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.Kubernetes;
import io.slotkeeper.act.ObjectApplier;
import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.PodViews;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API server, asked directly. */
final class LiveKubernetes implements Kubernetes {
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(ObjectApplier.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;

  LiveKubernetes(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public List<PodView> pods(Cluster cluster) {
    return client
        .pods()
        .inNamespace(cluster.namespace())
        .withLabels(Labels.selector(cluster.name()))
        .list()
        .getItems()
        .stream()
        .map(PodViews::of)
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public Map<String, NodeId> volumes(Cluster cluster) {
    return Secondary.volumes(
        client
            .persistentVolumeClaims()
            .inNamespace(cluster.namespace())
            .withLabels(Labels.selector(cluster.name()))
            .list()
            .getItems());
  }

  @Override
  public void remember(Cluster cluster, Map<String, NodeId> members) {
    patchStatus(cluster.namespace(), cluster.name(), Map.of("members", members(members)));
  }

  static List<MemberStatus> members(Map<String, NodeId> members) {
    return members.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> new MemberStatus(entry.getKey(), entry.getValue().value()))
        .toList();
  }

  void writeStatus(Redis redis, RedisStatus status) {
    patchStatus(redis.getMetadata().getNamespace(), redis.getMetadata().getName(), status);
  }

  private void patchStatus(String namespace, String name, Object status) {
    Redis target = new Redis();
    target.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    patch(target, "status", Map.of("status", status));
  }

  @Override
  public void markVolume(Cluster cluster, String pod, NodeId id) {
    PersistentVolumeClaim target = new PersistentVolumeClaim();
    target.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(cluster.namespace())
            .withName(Names.claimOfPod(pod))
            .build());
    patch(
        target, "", Map.of("metadata", Map.of("annotations", Map.of(Labels.NODE_ID, id.value()))));
  }

  /** What is gone by now needs no patch any more. */
  private void patch(HasMetadata target, String subresource, Map<String, ?> change) {
    try {
      // With the object at hand, and not only its name, the client does not read it first.
      var resource = client.resource(target);
      String patch = Serialization.asJson(change);
      if (subresource.isEmpty()) {
        resource.patch(MERGE, patch);
      } else {
        resource.subresource(subresource).patch(MERGE, patch);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
