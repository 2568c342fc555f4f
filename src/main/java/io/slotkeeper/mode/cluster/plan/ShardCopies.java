package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.Safeguards;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which servers of a shard have the same data. */
final class ShardCopies {

  private ShardCopies() {}

  /** Another server of the shard that has all the data of the server in a pod, and stays. */
  static Optional<Safeguard.InSync> inSync(ClusterModel cluster, PodState pod) {
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
        .filter(peer -> Safeguards.stays(cluster, peer.pod()))
        .map(peer -> new Safeguard.InSync(peer.target(), id))
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

  /** The server in a pod, where it answers and is ours. */
  static Optional<Peer> peer(ClusterModel cluster, PodState pod) {
    return cluster.peers().stream().filter(peer -> peer.pod().uid().equals(pod.uid())).findFirst();
  }

  /** The id last proven for the pod or its volume. */
  static @Nullable NodeId idOf(ClusterModel cluster, PodState pod) {
    NodeId id = cluster.view().remembered().members().get(pod.name());
    return id != null ? id : cluster.view().remembered().volumes().get(pod.name());
  }
}
