package io.slotkeeper.simulation.sentinel;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The vote of a Sentinel, and what the others have told it. */
final class Votes {
  private static final int ASK = 1000;

  /** A vote, and the epoch in which it was given. */
  record Vote(@Nullable String leader, long epoch) {}

  private final Group group;
  private final ModelSentinel me;
  private final Network net;
  private final Map<String, Long> askedAt = new HashMap<>();
  private @Nullable String leader;
  private long leaderEpoch;

  Votes(Group group, ModelSentinel me) {
    this.group = group;
    this.me = me;
    net = me.net;
  }

  /** sentinelVoteLeader: the first that asks in an epoch gets the vote. */
  Vote vote(long epoch, String candidate) {
    me.currentEpoch = Math.max(me.currentEpoch, epoch);
    if (leaderEpoch < epoch && me.currentEpoch <= epoch) {
      leader = candidate;
      leaderEpoch = me.currentEpoch;
      net.trace(() -> me + " votes for " + candidate.substring(0, 4) + " in epoch " + epoch);
      if (!candidate.equals(me.id)) {
        group.failover.standBack();
      }
    }
    return new Vote(leader, leaderEpoch);
  }

  /**
   * Another primary: the candidate of its vote does not matter any more, but the epoch still does.
   */
  void forget() {
    leader = null;
  }

  /** sentinelGetLeader: it needs the votes of most Sentinels that are known, and the quorum. */
  @Nullable String leader(long epoch) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Peer peer : group.peers()) {
      if (peer.leader != null && peer.leaderEpoch == me.currentEpoch) {
        counts.merge(peer.leader, 1, Integer::sum);
      }
    }
    String ahead = most(counts);
    Vote mine = vote(epoch, ahead == null ? me.id : ahead);
    if (mine.leader() != null && mine.epoch() == epoch) {
      counts.merge(mine.leader(), 1, Integer::sum);
    }
    String winner = most(counts);
    int voters = group.peers().size() + 1;
    int needed = Math.max(voters / 2 + 1, group.quorum);
    return winner != null && counts.getOrDefault(winner, 0) >= needed ? winner : null;
  }

  private static @Nullable String most(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** sentinelAskMasterStateToOtherSentinels */
  void ask(boolean forced) {
    long now = net.now();
    for (Peer peer : List.copyOf(group.peers())) {
      if (now - peer.repliedAt > 5L * ASK) {
        peer.findsDown = false;
        peer.leader = null;
      }
      boolean due = forced || now - Math.max(peer.repliedAt, askedAt(peer)) >= ASK;
      if (group.primary.down && due && peer.port != 0) {
        askedAt.put(peer.id, now);
        ask(peer);
      }
    }
  }

  private long askedAt(Peer peer) {
    return askedAt.getOrDefault(peer.id, 0L);
  }

  /** SENTINEL IS-MASTER-DOWN-BY-ADDR */
  private void ask(Peer peer) {
    String ip = group.primary.ip;
    long epoch = me.currentEpoch;
    String candidate = group.failover.isCandidate() ? me.id : null;
    net.after(
        net.chance().between(1, 4),
        () -> {
          ModelSentinel other = net.sentinel(peer.ip);
          if (other == null || !me.isRunning()) {
            return;
          }
          ModelSentinel.Reply reply = other.isDown(ip, epoch, candidate);
          peer.repliedAt = net.now();
          peer.findsDown = reply.down();
          if (reply.vote() != null && reply.vote().leader() != null) {
            peer.leader = reply.vote().leader();
            peer.leaderEpoch = reply.vote().epoch();
          }
        });
  }
}
