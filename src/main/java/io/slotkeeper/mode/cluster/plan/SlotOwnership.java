package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.RememberedShard.Owner;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The owner of each slot, derived from tables that may differ: per slot the claim with the greatest
 * config epoch, which is how the servers themselves settle it
 * (cluster_legacy.c:clusterUpdateSlotsConfigWith).
 *
 * @param owners without empty sets
 * @param covered all of their slots
 */
record SlotOwnership(Map<NodeId, SlotSet> owners, SlotSet covered) {

  /**
   * What a table says.
   *
   * @param own of the asked node itself
   * @param past the node itself says otherwise, at this epoch or a later one
   */
  private record Claim(NodeId owner, long epoch, boolean own, boolean past, SlotSet slots) {}

  // Greatest epoch first; at the same epoch a node's word about itself counts more than hearsay.
  private static final Comparator<Claim> STRONGEST_FIRST =
      Comparator.<Claim, Boolean>comparing(claim -> !claim.past())
          .thenComparingLong(Claim::epoch)
          .thenComparing(Claim::own)
          .reversed()
          .thenComparing(Claim::owner);

  /**
   * @param remembered owners that were seen before: the slots of one that does not answer count
   *     like a line in the table of a server
   */
  static SlotOwnership of(Collection<Peer> peers, Collection<Owner> remembered) {
    Set<Claim> claims = new LinkedHashSet<>();
    Map<NodeId, Peer> byId = new HashMap<>();
    peers.forEach(peer -> byId.put(peer.id(), peer));
    for (Peer peer : peers) {
      for (ClusterNode node : peer.snapshot().table().nodes()) {
        if (!node.slots().isEmpty()) {
          boolean own = node.id().equals(peer.id());
          boolean past = !own && isPast(node, byId.get(node.id()));
          claims.add(new Claim(node.id(), node.configEpoch(), own, past, node.slots()));
        }
      }
    }
    for (Owner owner : remembered) {
      if (!byId.containsKey(owner.id())) {
        claims.add(new Claim(owner.id(), owner.epoch(), false, false, owner.slots()));
      }
    }
    Map<NodeId, SlotSet> owners = new TreeMap<>();
    SlotSet taken = SlotSet.NONE;
    for (Claim claim : claims.stream().sorted(STRONGEST_FIRST).toList()) {
      SlotSet won = claim.slots().minus(taken);
      if (!won.isEmpty()) {
        owners.merge(claim.owner(), won, SlotSet::plus);
        taken = taken.plus(won);
      }
    }
    return new SlotOwnership(owners, taken);
  }

  /**
   * Only the new owner announces that a node has given slots away, and a server that first heard of
   * a greater epoch of the source does not accept the new owner (fixed in Redis 7.2, #12344).
   */
  private static boolean isPast(ClusterNode seen, @Nullable Peer owner) {
    return owner != null
        && owner.isMaster()
        && owner.self().configEpoch() >= seen.configEpoch()
        && !seen.slots().minus(owner.self().slots()).isEmpty();
  }

  SlotSet of(NodeId id) {
    return owners.getOrDefault(id, SlotSet.NONE);
  }

  boolean owns(NodeId id) {
    return owners.containsKey(id);
  }
}
