package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.SlotSet;
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
final class Epochs {

  /** Within that time after the start of a server, news may still be under way. */
  private static final Duration NEWS = Duration.ofSeconds(10);

  private Epochs() {}

  /** Only where everybody answers, so that nobody has a stronger claim that is not known. */
  static List<Action> plan(Situation situation) {
    if (!situation.complete() || !situation.hasAllOwners()) {
      return List.of();
    }
    return situation.peers().stream()
        .flatMap(peer -> Stream.concat(doubted(situation, peer), disbelieved(situation, peer)))
        .filter(owner -> isUndisputed(situation, owner) && !isOverrated(situation, owner))
        .limit(1) // each takes the greatest epoch for itself
        .map(owner -> raise(situation, owner))
        .toList();
  }

  static Action raise(Situation situation, Peer owner) {
    return new Action.RaiseEpoch(
        owner.target(),
        situation.peers().stream().filter(p -> !p.is(owner)).map(Peer::target).toList());
  }

  private static boolean isUndisputed(Situation situation, Peer owner) {
    SlotSet slots = owner.self().slots();
    return owner.isMaster()
        && slots.equals(situation.ownership().of(owner.id()))
        && situation.peers().stream()
            .noneMatch(peer -> !peer.is(owner) && peer.self().slots().intersects(slots));
  }

  /**
   * Somebody thinks that it has more than it has, and would believe that even more: whoever owns
   * the rest, and has not heard of the greater epoch yet, is told of it (an UPDATE), gives them up
   * and deletes their keys. The rest comes first.
   */
  private static boolean isOverrated(Situation situation, Peer owner) {
    return situation.peers().stream()
        .map(peer -> peer.viewOf(owner.id()))
        .anyMatch(seen -> seen != null && !seen.slots().minus(owner.self().slots()).isEmpty());
  }

  /** Masters of replicas that a server takes for masters with a greater epoch. */
  private static Stream<Peer> disbelieved(Situation situation, Peer peer) {
    return situation.peers().stream()
        .filter(replica -> !replica.isMaster() && mayKnow(situation, peer, replica))
        .flatMap(replica -> {
          ClusterNode seen = peer.viewOf(replica.id());
          return seen == null || !seen.isMaster()
              ? Stream.empty()
              : situation.peers().stream()
                  .filter(master -> master.id().equals(replica.self().master()))
                  .filter(master -> master.self().configEpoch() < seen.configEpoch());
        });
  }

  private static boolean mayKnow(Situation situation, Peer... peers) {
    return Stream.of(peers)
        .map(peer -> peer.pod().startedAt())
        .allMatch(since -> since.plus(NEWS).isBefore(situation.view().at()));
  }

  /** Owners of slots that a server thinks to be somebody's who says himself that he has not. */
  private static Stream<Peer> doubted(Situation situation, Peer peer) {
    return peer.table().values().stream()
        .filter(seen -> !seen.id().equals(peer.id()) && situation.roster().has(seen.id()))
        .filter(seen -> !seen.slots().equals(situation.ownership().of(seen.id())))
        .flatMap(seen -> {
          SlotSet wrong = seen.slots().minus(situation.ownership().of(seen.id()));
          return situation.peers().stream()
              .filter(owner -> owner.self().slots().intersects(wrong))
              .filter(owner -> owner.self().configEpoch() <= seen.configEpoch());
        });
  }
}
