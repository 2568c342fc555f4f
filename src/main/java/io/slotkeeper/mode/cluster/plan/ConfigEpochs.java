package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which owners take a greater config epoch, so that they are believed. A server up to Redis 7.0 may
 * be away while a master gives slots away and then takes others. It then hears of that master's
 * greater epoch first, and never believes the new owner, nor that the former one does not claim the
 * slots (fixed in Redis 7.2, #12344). Introductions do not help, and it spreads the wrong view.
 *
 * <p>Valkey 9 ignores messages of a replica as stale where it knows it as a master of the same
 * shard, with a greater epoch than its master has: forever, and across a restart (cluster_legacy.c:
 * clusterProcessPacket, "Ignore stale message"). That happens where a server with a great epoch
 * becomes a replica, and its messages from before and after arrive in the wrong order.
 */
final class ConfigEpochs {

  /** For this long after the start of a server, updates may still be under way. */
  private static final Duration NEWS = Duration.ofSeconds(10);

  private ConfigEpochs() {}

  /** Only where every pod answers, so that no stronger claim can be unknown. */
  static List<Action> plan(ClusterModel cluster) {
    if (!cluster.complete() || !cluster.hasAllOwners()) {
      return List.of();
    }
    return cluster.peers().stream()
        .flatMap(peer -> Stream.concat(disputed(cluster, peer), disbelieved(cluster, peer)))
        .filter(owner -> isUndisputed(cluster, owner) && !isOverrated(cluster, owner))
        .limit(1) // each takes the greatest epoch for itself
        .map(owner -> bump(cluster, owner))
        .toList();
  }

  static Action bump(ClusterModel cluster, Peer owner) {
    return new Action.BumpEpoch(
        owner.target(),
        cluster.peers().stream().filter(p -> !p.isSameNode(owner)).map(Peer::target).toList());
  }

  private static boolean isUndisputed(ClusterModel cluster, Peer owner) {
    SlotSet slots = owner.self().slots();
    return owner.isMaster()
        && slots.equals(cluster.ownership().of(owner.id()))
        && cluster.peers().stream()
            .noneMatch(peer -> !peer.isSameNode(owner) && peer.self().slots().intersects(slots));
  }

  /**
   * A peer attributes more slots to the owner than it has, and would do so even more firmly. The
   * owner of those other slots, if it has not heard of the greater epoch yet, would get that view
   * (an UPDATE), give the slots up and delete their keys. Those slots are settled first.
   */
  private static boolean isOverrated(ClusterModel cluster, Peer owner) {
    return cluster.peers().stream()
        .map(peer -> peer.viewOf(owner.id()))
        .anyMatch(seen -> seen != null && !seen.slots().minus(owner.self().slots()).isEmpty());
  }

  /** Masters of replicas that a server takes for masters with a greater epoch. */
  private static Stream<Peer> disbelieved(ClusterModel cluster, Peer peer) {
    return cluster.peers().stream()
        .filter(replica -> !replica.isMaster() && mayKnow(cluster, peer, replica))
        .flatMap(replica -> {
          ClusterNode seen = peer.viewOf(replica.id());
          return seen == null || !seen.isMaster()
              ? Stream.empty()
              : cluster.peers().stream()
                  .filter(master -> master.id().equals(replica.self().master()))
                  .filter(master -> master.self().configEpoch() < seen.configEpoch());
        });
  }

  private static boolean mayKnow(ClusterModel cluster, Peer... peers) {
    return Stream.of(peers)
        .map(peer -> peer.pod().startedAt())
        .allMatch(since -> since.plus(NEWS).isBefore(cluster.view().at()));
  }

  /** Owners whose slots a peer still attributes to a node that no longer claims them. */
  private static Stream<Peer> disputed(ClusterModel cluster, Peer peer) {
    return peer.table().values().stream()
        .filter(seen -> !seen.id().equals(peer.id()) && cluster.membership().has(seen.id()))
        .filter(seen -> !seen.slots().equals(cluster.ownership().of(seen.id())))
        .flatMap(seen -> {
          SlotSet wrong = seen.slots().minus(cluster.ownership().of(seen.id()));
          return cluster.peers().stream()
              .filter(owner -> owner.self().slots().intersects(wrong))
              .filter(owner -> owner.self().configEpoch() <= seen.configEpoch());
        });
  }
}
