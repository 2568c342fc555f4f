package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.ClaimState;
import io.slotkeeper.model.PodState;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a pod may go: the one answer for all rules that delete pods. */
final class Safeguards {

  private Safeguards() {}

  /** Empty where the pod may have the only copy of some data. */
  static Optional<Safeguard> of(ClusterModel cluster, PodState pod) {
    return neverUsed(cluster, pod).or(() -> inSync(cluster, pod)).or(() -> onClaim(cluster, pod));
  }

  /** Why there is no safeguard, in words that continue "pod x". */
  static String objection(ClusterModel cluster, PodState pod) {
    Optional<ClaimState> claim = cluster.view().inventory().claimOf(pod.name());
    if (claim.filter(ClaimState::terminating).isPresent()) {
      return "has the only copy of its data on claim %s, which is being deleted"
          .formatted(claim.get().name());
    }
    return claim.isPresent() && cluster.topology().updates().persistent()
        ? "may have the only copy of its data, and claim %s is not bound"
            .formatted(claim.get().name())
        : "may have the only copy of its data, which does not outlive it";
  }

  /**
   * A server is recorded before it is introduced to another (rule 3), so one that never was
   * recorded has no data of this Redis. Pods older than the Redis may have data of a former one.
   */
  private static Optional<Safeguard> neverUsed(ClusterModel cluster, PodState pod) {
    boolean blank =
        idOf(cluster, pod) == null
            && !cluster.formed()
            && !pod.createdAt().isBefore(cluster.topology().updates().since())
            && peer(cluster, pod).isEmpty();
    boolean volumeGoes =
        cluster.view().inventory().claimOf(pod.name()).filter(ClaimState::terminating).isPresent();
    return (blank || !pod.started()) && !volumeGoes
        ? Optional.of(new Safeguard.NeverUsed())
        : Optional.empty();
  }

  static Optional<Safeguard> inSync(ClusterModel cluster, PodState pod) {
    Optional<Peer> self = peer(cluster, pod);
    Stream<Peer> copies;
    if (self.isEmpty()) {
      copies = successor(cluster, pod).stream();
    } else if (self.get().isMaster()) {
      NodeId master = self.get().id();
      copies = cluster.shard(pod.shard()).stream().filter(peer -> peer.inSyncWith(master));
    } else {
      copies = others(cluster, self.get());
    }
    NodeId id = self.map(Peer::id).orElse(idOf(cluster, pod));
    return copies
        .filter(peer -> !peer.pod().uid().equals(pod.uid()))
        .filter(peer -> stays(cluster, peer.pod()))
        .<Safeguard>map(peer -> new Safeguard.InSync(peer.target(), id))
        .findFirst();
  }

  /** For a replica in sync: its master, and the other replicas in sync with that. */
  private static Stream<Peer> others(ClusterModel cluster, Peer replica) {
    List<Peer> shard = cluster.shard(replica.pod().shard());
    return shard.stream()
        .filter(master -> master.isMaster() && replica.inSyncWith(master.id()))
        .flatMap(master ->
            Stream.concat(
                Stream.of(master), shard.stream().filter(peer -> peer.inSyncWith(master.id()))));
  }

  /** For a server that does not answer: the master of its shard, where every slot has its owner. */
  private static Optional<Peer> successor(ClusterModel cluster, PodState pod) {
    return cluster.hasAllOwners()
        ? cluster.masterOf(pod.shard()).filter(peer -> cluster.ownership().owns(peer.id()))
        : Optional.empty();
  }

  private static boolean stays(ClusterModel cluster, PodState pod) {
    return !pod.terminating()
        && cluster.view().inventory().claimOf(pod.name()).filter(claim -> !claim.stays()).isEmpty();
  }

  private static Optional<Safeguard> onClaim(ClusterModel cluster, PodState pod) {
    return cluster.topology().updates().persistent()
            && cluster.view().inventory().claimOf(pod.name()).filter(ClaimState::stays).isPresent()
        ? Optional.of(new Safeguard.OnClaim())
        : Optional.empty();
  }

  /** The server in a pod, where it answers and is ours. */
  static Optional<Peer> peer(ClusterModel cluster, PodState pod) {
    return cluster.peers().stream().filter(peer -> peer.pod().uid().equals(pod.uid())).findFirst();
  }

  /** The id last proven for the pod or its volume. */
  private static @Nullable NodeId idOf(ClusterModel cluster, PodState pod) {
    NodeId id = cluster.view().remembered().members().get(pod.name());
    return id != null ? id : cluster.view().remembered().volumes().get(pod.name());
  }
}
