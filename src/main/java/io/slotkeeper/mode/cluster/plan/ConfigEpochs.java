package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which owners take a greater epoch, so that they are believed. A server up to Redis 7.0 that was
 * away while a master gave slots away, and then took others, hears of that one's greater epoch
 * first: it never believes the new owner any more, nor that the former one does not claim them
 * (mended in Redis 7.2, #12344). Introductions do not help, and it tells others the wrong thing.
 *
 * <p>Valkey 9 takes the word of a replica for old where it knows it as a master of the same shard,
 * with a greater epoch than its master has: for good, and over a restart (cluster_legacy.c:
 * clusterProcessPacket, "Ignore stale message"). It comes to that where a server that had a great
 * epoch becomes a replica, and what it said before and after that arrives in the wrong order.
 */
final class ConfigEpochs {

  /** Within that time after the start of a server, news may still be under way. */
  private static final Duration NEWS = Duration.ofSeconds(10);

  private ConfigEpochs() {}

  /** Only where everybody answers, so that nobody has a stronger claim that is not known. */
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
   * Somebody thinks that it has more than it has, and would believe that even more: whoever owns
   * the rest, and has not heard of the greater epoch yet, is told of it (an UPDATE), gives them up
   * and deletes their keys. The rest comes first.
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

  /** Owners of slots that a server thinks to be somebody's who says himself that he has not. */
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
