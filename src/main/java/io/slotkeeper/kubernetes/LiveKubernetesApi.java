package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.MemberStatuses;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.observe.ShardStatuses;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.PodName;
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
public final class LiveKubernetesApi implements KubernetesApi {
  private static final Logger log = LoggerFactory.getLogger(LiveKubernetesApi.class);
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

  public LiveKubernetesApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public List<PodState> pods(RedisRef ref) {
    return podObjects(ref).stream()
        .flatMap(pod ->
            ref.owner().pod(pod, List.of()).map(name -> PodStateReader.of(pod, name)).stream())
        .toList();
  }

  @Override
  public Optional<PodState> podNamed(RedisRef ref, String name) {
    return ref.owner()
        .names()
        .place(name)
        .flatMap(place ->
            Optional.ofNullable(client.pods().inNamespace(ref.namespace()).withName(name).get())
                .map(pod -> PodStateReader.of(pod, place)));
  }

  private List<Pod> podObjects(RedisRef ref) {
    return client
        .pods()
        .inNamespace(ref.namespace())
        .withLabels(Labels.selector(ref.name()))
        .list()
        .getItems();
  }

  @Override
  public List<KubernetesNode> nodes() {
    return client.nodes().list().getItems().stream().map(NodeStateReader::of).toList();
  }

  /** Kubelets renew it every 10 s, but write the Node's status only once in five minutes. */
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
  public Map<String, NodeId> annotatedClaims(RedisRef ref) {
    return OwnedObjects.annotatedClaims(ref.owner(), claimObjects(ref));
  }

  @Override
  public Map<String, ClaimState> claims(RedisRef ref) {
    return OwnedObjects.claims(ref.owner(), claimObjects(ref));
  }

  private List<PersistentVolumeClaim> claimObjects(RedisRef ref) {
    return client
        .persistentVolumeClaims()
        .inNamespace(ref.namespace())
        .withLabels(Labels.selector(ref.name()))
        .list()
        .getItems();
  }

  @Override
  public Optional<String> deletePod(RedisRef ref, PodRef pod) {
    DeleteOptions options = new DeleteOptions();
    options.setApiVersion("v1");
    options.setKind("DeleteOptions");
    options.setPreconditions(new Preconditions(pod.resourceVersion(), pod.uid()));
    String path = "/api/v1/namespaces/%s/pods/%s".formatted(ref.namespace(), pod.name());
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
  public void recordMembers(
      RedisRef ref, Map<String, NodeId> members, Map<String, ServerLocations> locations) {
    record(ref, Map.of("members", MemberStatuses.status(members, locations)));
  }

  @Override
  public void recordPrimary(
      RedisRef ref,
      int shard,
      RememberedShard remembered,
      Map<String, NodeId> members,
      Map<String, ServerLocations> locations) {
    String name = ref.owner().names().shard(shard);
    record(
        ref,
        Map.of(
            "members", MemberStatuses.status(members, locations),
            "shards", List.of(ShardStatuses.remembered(name, remembered))));
  }

  private void record(RedisRef ref, Map<String, Object> fields) {
    JsonNode values = json(fields, JsonNode.class);
    try {
      patchStatus(ref, StatusPatch.ofFields(ref.uid(), values));
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      // The patch does not apply: there is no status yet, or this is another Redis by now, which
      // the second patch tests again.
      patchStatus(
          ref, StatusPatch.between(ref.uid(), JsonNodeFactory.instance.objectNode(), values));
    }
  }

  /**
   * @param before the status as it is known to be; null for none
   */
  public void writeStatus(Redis redis, @Nullable RedisStatus before, RedisStatus after) {
    RedisRef ref =
        new RedisRef(
            redis.getMetadata().getNamespace(),
            redis.getMetadata().getName(),
            redis.getMetadata().getUid(),
            null);
    JsonNode old =
        before == null ? JsonNodeFactory.instance.objectNode() : json(before, JsonNode.class);
    patchStatus(ref, StatusPatch.between(ref.uid(), old, json(after, JsonNode.class)));
  }

  private <T> T json(Object value, Class<T> type) {
    return client.getKubernetesSerialization().convertValue(value, type);
  }

  private void patchStatus(RedisRef ref, String patch) {
    Redis target = new Redis();
    target.setMetadata(
        new ObjectMetaBuilder().withNamespace(ref.namespace()).withName(ref.name()).build());
    patch(target, "status", JSON, patch);
  }

  @Override
  public void annotateClaim(RedisRef ref, String pod, NodeId id) {
    annotateClaim(ref, pod, Labels.NODE_ID, id.value());
  }

  @Override
  public void annotateTerm(RedisRef ref, String pod, long term) {
    annotateClaim(ref, pod, Labels.TERM, Long.toString(term));
  }

  private void annotateClaim(RedisRef ref, String pod, String annotation, String value) {
    PersistentVolumeClaim target = new PersistentVolumeClaim();
    target.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(ref.namespace())
            .withName(Names.claimOfPod(pod))
            .build());
    patch(target, Map.of("metadata", Map.of("annotations", Map.of(annotation, value))));
  }

  @Override
  public void label(RedisRef ref, String pod, String uid, PodRole role) {
    change(ref, pod, uid, "labels", Labels.ROLE, role.label().orElse(null));
  }

  @Override
  public void labelReads(RedisRef ref, String pod, String uid, boolean reads) {
    change(ref, pod, uid, "labels", Labels.READS, reads ? Labels.YES : null);
  }

  @Override
  public void annotatePod(RedisRef ref, String pod, String uid, String annotation, String value) {
    change(ref, pod, uid, "annotations", annotation, value);
  }

  /** A pod with another UID is another one: the API server answers with a conflict. */
  private void change(
      RedisRef ref, String pod, String uid, String field, String key, @Nullable String value) {
    Pod target = new Pod();
    target.setMetadata(
        new ObjectMetaBuilder().withNamespace(ref.namespace()).withName(pod).build());
    Map<String, @Nullable String> entry = Collections.singletonMap(key, value);
    try {
      patch(target, Map.of("metadata", Map.of("uid", uid, field, entry)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  @Override
  public void annotateShard(RedisRef ref, int shard, String annotation, String value) {
    owned(ref, new StatefulSet(), shard)
        .ifPresent(set ->
            patch(set, Map.of("metadata", Map.of("annotations", Map.of(annotation, value)))));
  }

  @Override
  public void shrinkShard(RedisRef ref, int shard, int pods) {
    owned(ref, new StatefulSet(), shard)
        .ifPresent(set -> patch(set, Map.of("spec", Map.of("replicas", pods))));
  }

  /**
   * With its claims, where they are to go with the Redis, which is then their owner. They hold data
   * of an empty shard. The API server keeps each until its pod is gone.
   */
  @Override
  public void removeShard(RedisRef ref, int shard) {
    Owner owner = ref.owner();
    named(ref, new StatefulSet(), shard)
        .filter(set -> owner.ownership(set) == Owner.Ownership.UNOWNED)
        .ifPresent(set -> adopt(owner, set));
    Optional<StatefulSet> set = named(ref, new StatefulSet(), shard);
    if (set.filter(found -> !owner.owns(found)).isPresent()) {
      return; // it would recreate the pods
    }
    set.ifPresent(this::delete);
    // The garbage collector takes its time; until then the pods look as if they were to stay.
    podObjects(ref).stream()
        .filter(pod -> isOf(shard, owner.pod(pod, set.stream().toList())))
        .forEach(pod -> client.resource(pod).delete());
    owned(ref, new PodDisruptionBudget(), shard).ifPresent(this::delete);
    for (PersistentVolumeClaim claim : claimObjects(ref)) {
      if (isOf(shard, owner.claim(claim)) && owner.owns(claim)) {
        delete(claim);
      } else if (isOf(shard, owner.claim(claim))) {
        // The node on it was reset: it has another id.
        patch(claim, Map.of("metadata", Map.of("annotations", NO_NODE_ID)));
      }
    }
  }

  /** The StatefulSet last: while it is there, another try follows where one was interrupted. */
  @Override
  public void removeSentinels(RedisRef ref) {
    String name = ref.owner().names().sentinels();
    for (HasMetadata kind : List.of(new Service(), new PodDisruptionBudget(), new StatefulSet())) {
      named(ref, kind, name).filter(ref.owner()::owns).ifPresent(this::delete);
    }
  }

  private static boolean isOf(int shard, Optional<PodName> place) {
    return place.filter(name -> name.shard() == shard).isPresent();
  }

  /** Orphaned by {@code kubectl delete --cascade=orphan}: only owned objects are deleted. */
  private void adopt(Owner owner, HasMetadata left) {
    patch(left, Map.of("metadata", Map.of("ownerReferences", List.of(owner.reference()))));
  }

  /** The object with a shard's name, if it exists and belongs to this Redis. */
  private <T extends HasMetadata> Optional<T> owned(RedisRef ref, T kind, int shard) {
    return named(ref, kind, shard).filter(ref.owner()::owns);
  }

  private <T extends HasMetadata> Optional<T> named(RedisRef ref, T kind, int shard) {
    return named(ref, kind, ref.owner().names().shard(shard));
  }

  private <T extends HasMetadata> Optional<T> named(RedisRef ref, T kind, String name) {
    kind.setMetadata(new ObjectMetaBuilder().withNamespace(ref.namespace()).withName(name).build());
    return Optional.ofNullable(client.resource(kind).get());
  }

  /** Not an object that has taken its name, or a later state of it, since it was looked at. */
  private void delete(HasMetadata seen) {
    client.resource(seen).lockResourceVersion().delete();
  }

  private void patch(HasMetadata target, Map<String, ?> change) {
    patch(target, "", MERGE, Serialization.asJson(change));
  }

  /** What is gone by now needs no patch any more. */
  private void patch(HasMetadata target, String subresource, PatchContext type, String patch) {
    try {
      // Given the object, and not only its name, the client does not read it first.
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
