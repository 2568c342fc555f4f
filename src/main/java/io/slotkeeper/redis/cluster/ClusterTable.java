package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster as one server knows it ({@code CLUSTER NODES}). Tables of two servers may differ.
 *
 * @param nodes one per line, the server's own among them
 */
public record ClusterTable(List<ClusterNode> nodes) {

  public ClusterTable {
    nodes = List.copyOf(nodes);
    if (nodes.stream().filter(n -> n.is(Flag.MYSELF)).count() != 1) {
      throw new IllegalArgumentException("no table of a server: it must have one line 'myself'");
    }
  }

  /** Called far more often than anything else, hence a loop. */
  public ClusterNode myself() {
    for (ClusterNode node : nodes) {
      if (node.is(Flag.MYSELF)) {
        return node;
      }
    }
    throw new IllegalStateException("the constructor has seen one");
  }

  public Optional<ClusterNode> find(NodeId id) {
    return nodes.stream().filter(n -> n.id().equals(id)).findFirst();
  }

  /** Every slot that has an owner in this table, by owner. Owners without slots are left out. */
  public Map<NodeId, SlotSet> slotsByOwner() {
    Map<NodeId, SlotSet> owners = new LinkedHashMap<>();
    for (ClusterNode node : nodes) {
      if (!node.slots().isEmpty()) {
        owners.put(node.id(), node.slots());
      }
    }
    return owners;
  }
}
