package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether servers have the same view of the cluster. {@code redis-cli --cluster check} compares
 * slots only; here every node in every table must agree in address, role, master and slots.
 */
final class TableAgreement {

  private TableAgreement() {}

  /** All servers that answer see each other correctly, and see no other node with slots. */
  static boolean holds(ClusterModel cluster) {
    return holds(cluster, cluster.peers().stream().filter(p -> !cluster.isRetired(p)).toList());
  }

  /** The same among those that have to do with slots: a new server does not serve yet. */
  static boolean holdsAmongServing(ClusterModel cluster) {
    return holds(cluster, cluster.peers().stream().filter(p -> !isNewcomer(cluster, p)).toList());
  }

  /** It has nothing to serve, nor has its master; and other servers serve every slot. */
  private static boolean isNewcomer(ClusterModel cluster, Peer peer) {
    NodeId master = peer.self().master();
    return cluster.formed()
        && peer.snapshot().keys() == 0
        && peer.self().slots().isEmpty()
        && !cluster.ownership().owns(peer.id())
        && (master == null || !cluster.ownership().owns(master))
        && cluster.hasAllOwners();
  }

  private static boolean holds(ClusterModel cluster, List<Peer> peers) {
    for (Peer peer : peers) {
      if (!peer.snapshot().stateOk() || !knowsOwners(cluster, peer)) {
        return false;
      }
      for (Peer other : peers) {
        if (fault(cluster, peer, other) != Fault.NONE) {
          return false;
        }
      }
    }
    return !peers.isEmpty();
  }

  private static boolean knowsOwners(ClusterModel cluster, Peer peer) {
    Map<NodeId, SlotSet> seen = peer.snapshot().table().slotsByOwner();
    Map<NodeId, SlotSet> owners = cluster.ownership().owners();
    if (seen.equals(owners)) {
      return true;
    }
    SlotSet untold = untold(cluster, peer);
    return !untold.isEmpty() && without(untold, seen).equals(without(untold, owners));
  }

  private static Map<NodeId, SlotSet> without(SlotSet slots, Map<NodeId, SlotSet> owners) {
    Map<NodeId, SlotSet> rest = new HashMap<>(owners);
    rest.replaceAll((_, owned) -> owned.minus(slots));
    rest.values().removeIf(SlotSet::isEmpty);
    return rest;
  }

  /**
   * A server takes no updates for slots that it imports (clusterUpdateSlotsConfigWith): after a
   * failover of the source it does not know the owner. Nor does it hear of slots of dead nodes, as
   * owners announce only their own. Closing the slots heals the former, a new owner the latter.
   */
  private static SlotSet untold(ClusterModel cluster, Peer peer) {
    SlotSet imported =
        SlotSet.of(peer.self().importing().keySet().stream().mapToInt(Integer::intValue).toArray());
    return imported.plus(cluster.unheardOf());
  }

  /** What is wrong with one node's line about another (or about itself). */
  enum Fault {
    NONE,
    /** Role, master or slots differ from what the other says of itself. */
    STALE,
    /** It is at another address, or marked as failing. */
    UNREACHED,
    /** There is no line. */
    UNKNOWN
  }

  static Fault fault(ClusterModel cluster, Peer peer, Peer other) {
    ClusterNode seen = peer.viewOf(other.id());
    if (seen == null) {
      return Fault.UNKNOWN;
    }
    if (!isAt(seen, other.pod().ip()) || seen.isFailing()) {
      return Fault.UNREACHED;
    }
    // A node that lost its slots to a greater epoch may not have heard of it: the others are right.
    SlotSet owned = cluster.ownership().of(other.id());
    boolean same =
        seen.isMaster() == other.isMaster()
            && isReplicaOf(peer, seen, other.self().master())
            && knowsSlots(cluster, peer, seen.slots(), owned);
    return same ? Fault.NONE : Fault.STALE;
  }

  private static boolean knowsSlots(ClusterModel cluster, Peer peer, SlotSet seen, SlotSet owned) {
    if (seen.equals(owned)) {
      return true;
    }
    SlotSet untold = untold(cluster, peer);
    return !untold.isEmpty() && seen.minus(untold).equals(owned.minus(untold));
  }

  /** A server accepts no master that it does not know, and no dead node introduces itself. */
  private static boolean isReplicaOf(Peer peer, ClusterNode seen, @Nullable NodeId master) {
    return Objects.equals(seen.master(), master)
        || (seen.master() == null && master != null && !peer.knows(master));
  }

  private static boolean isAt(ClusterNode node, @Nullable String ip) {
    return !node.is(Flag.NOADDR) && node.address() != null && node.address().ip().equals(ip);
  }
}
