package io.slotkeeper.plan;

import io.slotkeeper.observe.Claim;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.redis.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a pod may go: the one answer for all rules that delete pods. */
final class Safeguards {

  private Safeguards() {}

  /** Empty where the pod may have the only copy of something. */
  static Optional<Safeguard> of(Situation situation, PodView pod) {
    return neverUsed(situation, pod)
        .or(() -> inSync(situation, pod))
        .or(() -> onClaim(situation, pod));
  }

  /** Why there is no safeguard, in words that continue "pod x". */
  static String objection(Situation situation, PodView pod) {
    Optional<Claim> claim = situation.view().inventory().claimOf(pod.name());
    if (claim.filter(Claim::terminating).isPresent()) {
      return "has the only copy of its data on claim %s, which is being deleted"
          .formatted(claim.get().name());
    }
    return claim.isPresent() && situation.topology().updates().persistent()
        ? "may have the only copy of its data, and claim %s is not bound"
            .formatted(claim.get().name())
        : "may have the only copy of its data, which does not outlive it";
  }

  /**
   * A server is written down before it is introduced to another (rule 3), so one that never was has
   * got no data of this Redis. Pods that are older than the Redis may have data of a former one.
   */
  private static Optional<Safeguard> neverUsed(Situation situation, PodView pod) {
    boolean blank =
        idOf(situation, pod) == null
            && !situation.formed()
            && !pod.createdAt().isBefore(situation.topology().updates().since())
            && peer(situation, pod).isEmpty();
    boolean volumeGoes =
        situation.view().inventory().claimOf(pod.name()).filter(Claim::terminating).isPresent();
    return (blank || !pod.started()) && !volumeGoes
        ? Optional.of(new Safeguard.NeverUsed())
        : Optional.empty();
  }

  static Optional<Safeguard> inSync(Situation situation, PodView pod) {
    Optional<Peer> self = peer(situation, pod);
    Stream<Peer> copies;
    if (self.isEmpty()) {
      copies = successor(situation, pod).stream();
    } else if (self.get().isMaster()) {
      NodeId master = self.get().id();
      copies = situation.shard(pod.shard()).stream().filter(peer -> peer.inSyncWith(master));
    } else {
      copies = others(situation, self.get());
    }
    NodeId id = self.map(Peer::id).orElse(idOf(situation, pod));
    return copies
        .filter(peer -> !peer.pod().uid().equals(pod.uid()))
        .filter(peer -> stays(situation, peer.pod()))
        .<Safeguard>map(peer -> new Safeguard.InSync(peer.target(), id))
        .findFirst();
  }

  /** Of a replica that is in sync: its master, and the others that follow it and are so, too. */
  private static Stream<Peer> others(Situation situation, Peer replica) {
    List<Peer> shard = situation.shard(replica.pod().shard());
    return shard.stream()
        .filter(master -> master.isMaster() && replica.inSyncWith(master.id()))
        .flatMap(master ->
            Stream.concat(
                Stream.of(master), shard.stream().filter(peer -> peer.inSyncWith(master.id()))));
  }

  /**
   * Of a server that does not answer: the master of its shard, where all slots have their owner.
   */
  private static Optional<Peer> successor(Situation situation, PodView pod) {
    return situation.hasAllOwners()
        ? situation.masterOf(pod.shard()).filter(peer -> situation.ownership().owns(peer.id()))
        : Optional.empty();
  }

  private static boolean stays(Situation situation, PodView pod) {
    return !pod.terminating()
        && situation
            .view()
            .inventory()
            .claimOf(pod.name())
            .filter(claim -> !claim.stays())
            .isEmpty();
  }

  private static Optional<Safeguard> onClaim(Situation situation, PodView pod) {
    return situation.topology().updates().persistent()
            && situation.view().inventory().claimOf(pod.name()).filter(Claim::stays).isPresent()
        ? Optional.of(new Safeguard.OnClaim())
        : Optional.empty();
  }

  /** The server in a pod, where it answers and is ours. */
  static Optional<Peer> peer(Situation situation, PodView pod) {
    return situation.peers().stream()
        .filter(peer -> peer.pod().uid().equals(pod.uid()))
        .findFirst();
  }

  /** That was last proven for the pod or its volume. */
  private static @Nullable NodeId idOf(Situation situation, PodView pod) {
    NodeId id = situation.view().memory().members().get(pod.name());
    return id != null ? id : situation.view().memory().volumes().get(pod.name());
  }
}
