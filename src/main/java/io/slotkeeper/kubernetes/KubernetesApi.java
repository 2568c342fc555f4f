package io.slotkeeper.kubernetes;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What actions need of the API server: always asked directly, never a cache. */
public interface KubernetesApi {

  /** The pods of a Redis as they are at this moment. */
  List<PodState> pods(RedisRef ref);

  /**
   * The pod that has the name of a pod of a Redis, whatever its labels and its owner: the server in
   * a pod that lost them still runs.
   */
  Optional<PodState> podNamed(RedisRef ref, String name);

  /** The Kubernetes nodes of the cluster. */
  List<KubernetesNode> nodes();

  /** The node ids that the claims of a Redis are annotated with, by pod. */
  Map<String, NodeId> annotatedClaims(RedisRef ref);

  /** The claims of a Redis, by the name of their pod. */
  Map<String, ClaimState> claims(RedisRef ref);

  /**
   * Deletes a pod, if it has not changed since.
   *
   * @return why it was not deleted; empty where it was
   */
  Optional<String> deletePod(RedisRef ref, PodRef pod);

  /** Writes an annotation of the StatefulSet of a shard. */
  void annotateShard(RedisRef ref, int shard, String annotation, String value);

  /**
   * When the kubelet of a node last renewed its Lease (namespace {@code kube-node-lease}): every 10
   * s as a rule. Empty where there is none, or reading it is forbidden.
   */
  Optional<Instant> heartbeat(String host);

  /** Writes the proven node ids, by pod, into the status, and where their servers may run. */
  void recordMembers(
      RedisRef ref, Map<String, NodeId> members, Map<String, ServerLocations> locations);

  /**
   * Writes which server leads a shard, with all that is remembered of it, into the status; and the
   * proven ids as {@link #recordMembers} does.
   */
  void recordPrimary(
      RedisRef ref,
      int shard,
      RememberedShard remembered,
      Map<String, NodeId> members,
      Map<String, ServerLocations> locations);

  /** Removes the last pods of a shard, so that this many stay. */
  void shrinkShard(RedisRef ref, int shard, int pods);

  /** Removes the pods of a shard for good, with what only they needed. */
  void removeShard(RedisRef ref, int shard);

  /** Removes the Sentinels of a Redis, with what only they needed. */
  void removeSentinels(RedisRef ref);

  /** Labels a pod with the role of its server, unless it is another pod by now. */
  void label(RedisRef ref, String pod, String uid, PodRole role);

  /** Labels a pod as one that serves reads, or not, unless it is another pod by now. */
  void labelReads(RedisRef ref, String pod, String uid, boolean reads);

  /**
   * Writes an annotation of a pod.
   *
   * @param uid of the pod: a later pod of the same name is left alone
   */
  void annotatePod(RedisRef ref, String pod, String uid, String annotation, String value);

  /** Annotates the claim of a pod's volume with the term of the primary on it. */
  void annotateTerm(RedisRef ref, String pod, long term);

  /** Annotates the claim of a pod's volume with a node id. */
  void annotateClaim(RedisRef ref, String pod, NodeId id);
}
