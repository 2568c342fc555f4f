package io.slotkeeper.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.Kubernetes;
import io.slotkeeper.act.ObjectApplier;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.Claim;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Hosts;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.PodViews;
import io.slotkeeper.observe.Role;
import io.slotkeeper.observe.Trail;
import io.slotkeeper.plan.PodRef;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PodName;
import io.slotkeeper.status.Members;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API server, asked directly. */
final class LiveKubernetes implements Kubernetes {
  private static final Logger log = LoggerFactory.getLogger(LiveKubernetes.class);
  private static final String NODE_LEASES = "kube-node-lease";
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(ObjectApplier.FIELD_MANAGER)
          .build();

  /** In a merge patch, null removes. */
  private static final Map<String, @Nullable String> NO_NODE_ID =
      Collections.singletonMap(Labels.NODE_ID, null);

  private static final PatchContext JSON =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON)
          .withFieldManager(ObjectApplier.FIELD_MANAGER)
          .build();

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;

  LiveKubernetes(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public List<PodView> pods(Cluster cluster) {
    return podObjects(cluster).stream()
        .flatMap(
            pod -> cluster.owner().pod(pod, List.of()).map(name -> PodViews.of(pod, name)).stream())
        .toList();
  }

  @Override
  public Optional<PodView> podNamed(Cluster cluster, String name) {
    return cluster
        .owner()
        .names()
        .place(name)
        .flatMap(place ->
            Optional.ofNullable(client.pods().inNamespace(cluster.namespace()).withName(name).get())
                .map(pod -> PodViews.of(pod, place)));
  }

  private List<Pod> podObjects(Cluster cluster) {
    return client
        .pods()
        .inNamespace(cluster.namespace())
        .withLabels(Labels.selector(cluster.name()))
        .list()
        .getItems();
  }

  @Override
  public List<Host> hosts() {
    return client.nodes().list().getItems().stream().map(Hosts::of).toList();
  }

  /** Renewed by kubelets every 10 s, where they write the Node's status once in five minutes. */
  @Override
  public Optional<Instant> heartbeat(String host) {
    try {
      return Optional.ofNullable(client.leases().inNamespace(NODE_LEASES).withName(host).get())
          .flatMap(lease -> Optional.ofNullable(lease.getSpec().getRenewTime()))
          .map(ZonedDateTime::toInstant);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        log.warn("the Lease of Kubernetes node {} may not be read: {}", host, e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Map<String, NodeId> volumes(Cluster cluster) {
    return Secondary.volumes(cluster.owner(), claimObjects(cluster));
  }

  @Override
  public Map<String, Claim> claims(Cluster cluster) {
    return Secondary.claims(cluster.owner(), claimObjects(cluster));
  }

  private List<PersistentVolumeClaim> claimObjects(Cluster cluster) {
    return client
        .persistentVolumeClaims()
        .inNamespace(cluster.namespace())
        .withLabels(Labels.selector(cluster.name()))
        .list()
        .getItems();
  }

  @Override
  public Optional<String> deletePod(Cluster cluster, PodRef pod) {
    DeleteOptions options = new DeleteOptions();
    options.setApiVersion("v1");
    options.setKind("DeleteOptions");
    options.setPreconditions(new Preconditions(pod.resourceVersion(), pod.uid()));
    String path = "/api/v1/namespaces/%s/pods/%s".formatted(cluster.namespace(), pod.name());
    try {
      client.raw(path, "DELETE", options);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND -> Optional.of("pod " + pod + " is gone");
        case HttpURLConnection.HTTP_CONFLICT -> Optional.of("pod " + pod + " has changed since");
        default -> throw e;
      };
    }
  }

  @Override
  public void remember(Cluster cluster, Map<String, NodeId> members, Map<String, Trail> trails) {
    JsonNode value = json(Members.status(members, trails), JsonNode.class);
    try {
      patchStatus(cluster, StatusPatch.ofField(cluster.uid(), "members", value));
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      // The patch does not apply: there is no status yet, or this is another Redis by now, which
      // the second one tests again.
      JsonNode status = JsonNodeFactory.instance.objectNode().set("members", value);
      patchStatus(
          cluster,
          StatusPatch.between(cluster.uid(), JsonNodeFactory.instance.objectNode(), status));
    }
  }

  /**
   * @param before the status as it is known to be; null for none
   */
  void writeStatus(Redis redis, @Nullable RedisStatus before, RedisStatus after) {
    Cluster cluster =
        new Cluster(
            redis.getMetadata().getNamespace(),
            redis.getMetadata().getName(),
            redis.getMetadata().getUid(),
            null);
    JsonNode old =
        before == null ? JsonNodeFactory.instance.objectNode() : json(before, JsonNode.class);
    patchStatus(cluster, StatusPatch.between(cluster.uid(), old, json(after, JsonNode.class)));
  }

  private <T> T json(Object value, Class<T> type) {
    return client.getKubernetesSerialization().convertValue(value, type);
  }

  private void patchStatus(Cluster cluster, String patch) {
    Redis target = new Redis();
    target.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(cluster.namespace())
            .withName(cluster.name())
            .build());
    patch(target, "status", JSON, patch);
  }

  @Override
  public void markVolume(Cluster cluster, String pod, NodeId id) {
    PersistentVolumeClaim target = new PersistentVolumeClaim();
    target.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(cluster.namespace())
            .withName(Names.claimOfPod(pod))
            .build());
    patch(target, Map.of("metadata", Map.of("annotations", Map.of(Labels.NODE_ID, id.value()))));
  }

  @Override
  public void label(Cluster cluster, String pod, String uid, Role role) {
    Pod target = new Pod();
    target.setMetadata(
        new ObjectMetaBuilder().withNamespace(cluster.namespace()).withName(pod).build());
    Map<String, @Nullable String> label =
        Collections.singletonMap(Labels.ROLE, role.label().orElse(null));
    try {
      patch(target, Map.of("metadata", Map.of("uid", uid, "labels", label)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  @Override
  public void annotateShard(Cluster cluster, int shard, String annotation, String value) {
    owned(cluster, new StatefulSet(), shard)
        .ifPresent(set ->
            patch(set, Map.of("metadata", Map.of("annotations", Map.of(annotation, value)))));
  }

  @Override
  public void shrinkShard(Cluster cluster, int shard, int pods) {
    owned(cluster, new StatefulSet(), shard)
        .ifPresent(set -> patch(set, Map.of("spec", Map.of("replicas", pods))));
  }

  /**
   * With its claims, where they are to go with the Redis: these have it as owner. What they hold is
   * of an empty shard. The API server keeps each until its pod is gone.
   */
  @Override
  public void removeShard(Cluster cluster, int shard) {
    Owner owner = cluster.owner();
    named(cluster, new StatefulSet(), shard)
        .filter(set -> owner.standing(set) == Owner.Standing.UNOWNED)
        .ifPresent(set -> adopt(owner, set));
    Optional<StatefulSet> set = named(cluster, new StatefulSet(), shard);
    if (set.filter(found -> !owner.owns(found)).isPresent()) {
      return; // it would make the pods again
    }
    set.ifPresent(this::delete);
    // The garbage collector takes its time; until then the pods look as if they were to stay.
    podObjects(cluster).stream()
        .filter(pod -> isOf(shard, owner.pod(pod, set.stream().toList())))
        .forEach(pod -> client.resource(pod).delete());
    owned(cluster, new PodDisruptionBudget(), shard).ifPresent(this::delete);
    for (PersistentVolumeClaim claim : claimObjects(cluster)) {
      if (isOf(shard, owner.claim(claim)) && owner.owns(claim)) {
        delete(claim);
      } else if (isOf(shard, owner.claim(claim))) {
        // The node on it was reset: it has another id.
        patch(claim, Map.of("metadata", Map.of("annotations", NO_NODE_ID)));
      }
    }
  }

  private static boolean isOf(int shard, Optional<PodName> place) {
    return place.filter(name -> name.shard() == shard).isPresent();
  }

  /** Left behind by {@code kubectl delete --cascade=orphan}: what is deleted must be owned. */
  private void adopt(Owner owner, HasMetadata left) {
    patch(left, Map.of("metadata", Map.of("ownerReferences", List.of(owner.reference()))));
  }

  /** The object of a shard's name, if it is there and belongs to this Redis. */
  private <T extends HasMetadata> Optional<T> owned(Cluster cluster, T kind, int shard) {
    return named(cluster, kind, shard).filter(cluster.owner()::owns);
  }

  private <T extends HasMetadata> Optional<T> named(Cluster cluster, T kind, int shard) {
    kind.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(cluster.namespace())
            .withName(cluster.owner().names().shard(shard))
            .build());
    return Optional.ofNullable(client.resource(kind).get());
  }

  /** Not what has come to have its name, or its state, since it was looked at. */
  private void delete(HasMetadata seen) {
    client.resource(seen).lockResourceVersion().delete();
  }

  private void patch(HasMetadata target, Map<String, ?> change) {
    patch(target, "", MERGE, Serialization.asJson(change));
  }

  /** What is gone by now needs no patch any more. */
  private void patch(HasMetadata target, String subresource, PatchContext type, String patch) {
    try {
      // With the object at hand, and not only its name, the client does not read it first.
      var resource = client.resource(target);
      if (subresource.isEmpty()) {
        resource.patch(type, patch);
      } else {
        resource.subresource(subresource).patch(type, patch);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
