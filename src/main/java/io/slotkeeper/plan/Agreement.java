package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether servers see the cluster alike. {@code redis-cli --cluster check} compares slots only;
 * here it takes every node in every table, with its address, role, master and slots.
 */
final class Agreement {

  private Agreement() {}

  /** Everybody who answers sees everybody who answers as they are, and nobody else with slots. */
  static boolean holds(Situation situation) {
    for (Peer peer : situation.peers()) {
      if (!peer.snapshot().stateOk()
          || !peer.snapshot().table().slotsByOwner().equals(situation.ownership().owners())) {
        return false;
      }
      for (Peer other : situation.peers()) {
        if (fault(situation, peer, other) != Fault.NONE) {
          return false;
        }
      }
    }
    return !situation.peers().isEmpty();
  }

  /** What is wrong with one node's line about another (or about itself). */
  enum Fault {
    NONE,
    /** Role, master or slots are not what the other says of itself. */
    STALE,
    /** It is at another address, or thought to fail. */
    UNREACHED,
    /** There is no line. */
    UNKNOWN
  }

  static Fault fault(Situation situation, Peer peer, Peer other) {
    ClusterNode seen = peer.viewOf(other.id());
    if (seen == null) {
      return Fault.UNKNOWN;
    }
    if (!isAt(seen, other.pod().ip()) || seen.isFailing()) {
      return Fault.UNREACHED;
    }
    // A node that lost its slots to a greater epoch may not have heard of it: the others are right.
    SlotSet owned = situation.ownership().of(other.id());
    boolean same =
        seen.isMaster() == other.isMaster()
            && isReplicaOf(peer, seen, other.self().master())
            && seen.slots().equals(owned);
    return same ? Fault.NONE : Fault.STALE;
  }

  /** A server does not take a master that it does not know, and of the dead nobody can tell it. */
  private static boolean isReplicaOf(Peer peer, ClusterNode seen, @Nullable NodeId master) {
    return Objects.equals(seen.master(), master)
        || (seen.master() == null && master != null && !peer.knows(master));
  }

  private static boolean isAt(ClusterNode node, @Nullable String ip) {
    return !node.is(Flag.NOADDR) && node.address() != null && node.address().ip().equals(ip);
  }
}
