package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.plan.TableAgreement.Fault;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which nodes are introduced to which. One rule heals new members, moved addresses, one-sided
 * acquaintances and stale views alike, because CLUSTER MEET between nodes that know each other
 * pushes the sender's address, role and slots at once, where gossip takes up to half a node timeout
 * (cluster_legacy.c:clusterProcessPacket).
 */
final class ClusterMeets {
  /**
   * Up to this many nodes are all introduced at once, both ways: 380 introductions. With few links
   * to open, it costs little to open some of them twice.
   */
  private static final int FEW = 20;

  /**
   * Per pass; the next one sees which are still needed. On half a core, servers and operator take
   * about two seconds for 500 (60 servers of Redis 7.0); gossip meanwhile makes many needless.
   */
  static final int MOST = 512;

  private ClusterMeets() {}

  static List<Action> plan(ClusterModel cluster) {
    Set<Action> meetings = new LinkedHashSet<>();
    Set<Action> news = new LinkedHashSet<>();
    List<Peer> peers =
        cluster.peers().stream()
            .filter(peer -> !peer.pod().terminating() && !cluster.isRetired(peer))
            .filter(peer -> !cluster.isOutdated(peer))
            .toList();
    boolean few = peers.size() <= FEW;
    // Row by row: the first nodes come to know all others, and what they know spreads.
    for (int i = 0; i < peers.size() && meetings.size() < MOST; i++) {
      for (int j = i + 1; j < peers.size(); j++) {
        Peer one = peers.get(i);
        Peer other = peers.get(j);
        if (few || !areApart(cluster, one, other)) {
          meet(cluster, one, other, meetings, news);
          meet(cluster, other, one, meetings, news);
        } else if (!isShakingHands(one, other) && !isShakingHands(other, one)) {
          // A server that is met calls back: with MEETs both ways most links would open twice.
          // Directions alternate, so that no node has to call all others.
          boolean even = (i + j) % 2 == 0;
          meetings.add(
              even
                  ? new Action.Meet(one.target(), other.target(), false)
                  : new Action.Meet(other.target(), one.target(), false));
        }
      }
    }
    // Gossip also brings news between nodes that know each other, only later.
    meetings.addAll(news);
    return meetings.stream().limit(MOST).toList();
  }

  /** Neither reaches the other. */
  private static boolean areApart(ClusterModel cluster, Peer one, Peer other) {
    return isApart(TableAgreement.fault(cluster, one, other))
        && isApart(TableAgreement.fault(cluster, other, one));
  }

  private static boolean isApart(Fault fault) {
    return fault == Fault.UNKNOWN || fault == Fault.UNREACHED;
  }

  private static void meet(
      ClusterModel cluster, Peer peer, Peer other, Set<Action> meetings, Set<Action> news) {
    Fault fault = TableAgreement.fault(cluster, peer, other);
    switch (fault) {
      case NONE -> {}
      case STALE -> news.add(new Action.Meet(other.target(), peer.target(), true));
      case UNREACHED, UNKNOWN -> {
        // Both ways: one introduction makes one of them answer, but does not make both know.
        if (!isShakingHands(peer, other)) {
          meetings.add(new Action.Meet(peer.target(), other.target(), false));
        }
        if (!isShakingHands(other, peer)) {
          meetings.add(new Action.Meet(other.target(), peer.target(), false));
        }
      }
    }
    // A node learns its own address last, and only when another node calls it there.
    if (TableAgreement.fault(cluster, other, other) == Fault.UNREACHED) {
      meetings.add(new Action.Meet(peer.target(), other.target(), false));
    }
  }

  private static boolean isShakingHands(Peer peer, Peer other) {
    return peer.snapshot().table().nodes().stream()
        .anyMatch(node ->
            node.is(Flag.HANDSHAKE)
                && node.address() != null
                && node.address().ip().equals(other.pod().ip()));
  }
}
