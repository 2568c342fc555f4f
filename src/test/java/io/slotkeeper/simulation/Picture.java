package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one server says, in words that are the same for the model and for real servers: nodes are
 * named by their number, and times, epochs and offsets are left out. Left out are also the dead
 * that own nothing: whether gossip tells a newcomer of them is a matter of luck.
 *
 * @param nodes those it knows: role, master, slots, whether it is missed, and whether it is known
 *     at its address
 */
record Picture(String self, Map<String, String> nodes, long keys, boolean linkUp, boolean ok) {

  /**
   * @param names of the ids
   * @param addresses of the servers that run, by name
   */
  static Picture of(NodeSnapshot seen, Map<NodeId, String> names, Map<String, String> addresses) {
    Map<NodeId, String> told = new HashMap<>();
    for (ClusterNode node : seen.table().nodes()) {
      String name = name(node.id(), names);
      if (!node.is(Flag.HANDSHAKE) && (addresses.containsKey(name) || !node.slots().isEmpty())) {
        told.put(node.id(), name);
      }
    }
    Map<String, String> nodes = new TreeMap<>();
    for (ClusterNode node : seen.table().nodes()) {
      if (told.containsKey(node.id())) {
        nodes.put(name(node.id(), names), line(node, told, addresses));
      }
    }
    return new Picture(
        name(seen.id(), names), nodes, seen.keys(), seen.replication().linkUp(), seen.stateOk());
  }

  private static String line(
      ClusterNode node, Map<NodeId, String> told, Map<String, String> addresses) {
    String address = addresses.get(told.get(node.id()));
    boolean misplaced =
        address != null && (node.address() == null || !node.address().ip().equals(address));
    return (node.isMaster() ? "master" : "replica of " + told.getOrDefault(node.master(), "?"))
        + (node.slots().isEmpty() ? "" : " " + node.slots())
        + (node.isFailing() ? " missed" : "")
        + (misplaced ? " misplaced" : "");
  }

  static String name(NodeId id, Map<NodeId, String> names) {
    return names.getOrDefault(id, "unknown");
  }

  /** All of them, for people. */
  static String print(Map<Integer, ?> pictures) {
    StringBuilder text = new StringBuilder();
    pictures.forEach(
        (number, picture) -> text.append(number).append(": ").append(picture).append('\n'));
    return text.toString();
  }

  @Override
  public String toString() {
    return "%s %s%s%s keys=%d"
        .formatted(
            self,
            ok ? "ok" : "down",
            linkUp ? "" : " unlinked",
            " "
                + new TreeSet<>(
                    nodes.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()),
            keys);
  }
}
