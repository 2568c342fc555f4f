package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who owns which slots, out of tables that may differ: per slot the claim with the greatest
 * configuration epoch, which is how the servers themselves settle it
 * (cluster_legacy.c:clusterUpdateSlotsConfigWith).
 *
 * @param owners no empty sets
 */
record Ownership(Map<NodeId, SlotSet> owners) {

  private record Claim(NodeId owner, long epoch, boolean own, SlotSet slots) {}

  // Greatest epoch first; at the same epoch a node's word about itself counts more than hearsay.
  private static final Comparator<Claim> STRONGEST_FIRST =
      Comparator.comparingLong(Claim::epoch)
          .thenComparing(Claim::own)
          .reversed()
          .thenComparing(Claim::owner);

  static Ownership of(Collection<Peer> peers) {
    Set<Claim> claims = new LinkedHashSet<>();
    for (Peer peer : peers) {
      for (ClusterNode node : peer.snapshot().table().nodes()) {
        if (!node.slots().isEmpty()) {
          boolean own = node.id().equals(peer.id());
          claims.add(new Claim(node.id(), node.configEpoch(), own, node.slots()));
        }
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
    return new Ownership(owners);
  }

  SlotSet of(NodeId id) {
    return owners.getOrDefault(id, SlotSet.NONE);
  }

  boolean owns(NodeId id) {
    return owners.containsKey(id);
  }

  SlotSet covered() {
    return owners.values().stream().reduce(SlotSet.NONE, SlotSet::plus);
  }
}
