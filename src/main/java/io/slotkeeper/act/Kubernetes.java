package io.slotkeeper.act;

import io.slotkeeper.observe.Claim;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Role;
import io.slotkeeper.observe.Trail;
import io.slotkeeper.plan.PodRef;
import io.slotkeeper.redis.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What acting needs of the API server: always itself, never a cache of it. */
public interface Kubernetes {

  /** The pods of a Redis as they are at this moment. */
  List<PodView> pods(Cluster cluster);

  /**
   * What has the name of a pod of a Redis, whatever its labels and its owner: the server in a pod
   * that lost them still runs.
   */
  Optional<PodView> podNamed(Cluster cluster, String name);

  /** The machines of the cluster. */
  List<Host> hosts();

  /** The node ids that the claims of a Redis are marked with, by pod. */
  Map<String, NodeId> volumes(Cluster cluster);

  /** The claims of a Redis, by the name of their pod. */
  Map<String, Claim> claims(Cluster cluster);

  /**
   * Deletes a pod, if it has not changed since.
   *
   * @return why it was not deleted; empty where it was
   */
  Optional<String> deletePod(Cluster cluster, PodRef pod);

  /** Writes an annotation of the StatefulSet of a shard. */
  void annotateShard(Cluster cluster, int shard, String annotation, String value);

  /**
   * When the kubelet of a machine last renewed its Lease (namespace {@code kube-node-lease}): every
   * 10 s as a rule. Empty where there is none, or it may not be read.
   */
  Optional<Instant> heartbeat(String host);

  /** Writes the proven node ids, by pod, into the status, and where their servers may run. */
  void remember(Cluster cluster, Map<String, NodeId> members, Map<String, Trail> trails);

  /** Lets the last pods of a shard go, so that this many stay. */
  void shrinkShard(Cluster cluster, int shard, int pods);

  /** Removes the pods of a shard for good, with what only they needed. */
  void removeShard(Cluster cluster, int shard);

  /** Labels a pod with the role of its server, unless it is another pod by now. */
  void label(Cluster cluster, String pod, String uid, Role role);

  /** Writes a node id on the claim of a pod's volume. */
  void markVolume(Cluster cluster, String pod, NodeId id);
}
