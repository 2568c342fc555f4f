package io.slotkeeper.plan;

import io.slotkeeper.plan.Agreement.Fault;
import io.slotkeeper.redis.ClusterNode.Flag;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who must be introduced to whom. One rule heals new members, moved addresses, one-sided
 * acquaintances and stale news alike, because CLUSTER MEET between nodes that know each other
 * pushes the sender's address, role and slots at once, where gossip takes up to half a node timeout
 * (cluster_legacy.c:clusterProcessPacket).
 */
final class Introductions {
  /** Above this many nodes everybody meets a few, and gossip tells the rest. */
  private static final int FULL_MESH = 64;

  private static final int HUBS = 5;

  private Introductions() {}

  static List<Action> plan(Situation situation) {
    Set<Action> meetings = new LinkedHashSet<>();
    List<Peer> peers =
        situation.peers().stream()
            .filter(peer -> !peer.pod().terminating() && !situation.isRetired(peer))
            .filter(peer -> !situation.isOutdated(peer))
            .toList();
    int hubs = peers.size() <= FULL_MESH ? peers.size() : HUBS;
    for (int i = 0; i < peers.size(); i++) {
      for (int j = 0; j < peers.size(); j++) {
        if (i != j && (i < hubs || j < hubs)) {
          meet(situation, peers.get(i), peers.get(j), meetings);
        }
      }
    }
    return List.copyOf(meetings);
  }

  private static void meet(Situation situation, Peer peer, Peer other, Set<Action> meetings) {
    Fault fault = Agreement.fault(situation, peer, other);
    switch (fault) {
      case NONE -> {}
      case STALE -> meetings.add(new Action.Meet(other.target(), peer.target(), true));
      case UNREACHED, UNKNOWN -> {
        // Both ways: one introduction is enough for one of them to answer, not for both to know.
        if (!isShakingHands(peer, other)) {
          meetings.add(new Action.Meet(peer.target(), other.target(), false));
        }
        if (!isShakingHands(other, peer)) {
          meetings.add(new Action.Meet(other.target(), peer.target(), false));
        }
      }
    }
    // Its own address is what a node learns last, and only when somebody calls it there.
    if (Agreement.fault(situation, other, other) == Fault.UNREACHED) {
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
