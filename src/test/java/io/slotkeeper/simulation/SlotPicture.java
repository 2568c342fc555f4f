package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@link Picture} leaves out and a move is about.
 *
 * @param migrating its open slots that are to leave, and where to
 * @param importing those that are to come, and where from
 * @param versions of the keys it has, by slot
 * @param epochs the masters it knows, by their epochs: which is greater, not by how much
 */
record SlotPicture(
    Picture picture,
    SortedMap<Integer, String> migrating,
    SortedMap<Integer, String> importing,
    SortedMap<Integer, Integer> versions,
    String epochs) {

  /** Looks for the keys of these slots. */
  static Pair.Eye of(List<Integer> slots) {
    return (side, server, seen, names, addresses) -> {
      Picture picture = Picture.of(seen, names, addresses);
      ClusterNode self = seen.table().myself();
      SortedMap<Integer, Integer> versions = new TreeMap<>();
      for (int slot : slots) {
        int version = side.version(server, slot);
        if (version > 0) {
          versions.put(slot, version);
        }
      }
      return new SlotPicture(
          picture,
          named(self.migrating(), names),
          named(self.importing(), names),
          versions,
          epochs(seen, picture, names));
    };
  }

  private static SortedMap<Integer, String> named(
      Map<Integer, NodeId> marks, Map<NodeId, String> names) {
    SortedMap<Integer, String> named = new TreeMap<>();
    marks.forEach((slot, id) -> named.put(slot, Picture.name(id, names)));
    return named;
  }

  private static String epochs(NodeSnapshot seen, Picture picture, Map<NodeId, String> names) {
    SortedMap<Long, List<String>> byEpoch =
        seen.table().nodes().stream()
            .filter(node -> node.isMaster() && isTold(node, picture, names))
            .collect(
                Collectors.groupingBy(
                    ClusterNode::configEpoch,
                    TreeMap::new,
                    Collectors.mapping(
                        node -> Picture.name(node.id(), names), Collectors.toList())));
    return byEpoch.values().stream()
        .map(equals -> equals.stream().sorted().collect(Collectors.joining("=")))
        .collect(Collectors.joining("<"));
  }

  private static boolean isTold(ClusterNode node, Picture picture, Map<NodeId, String> names) {
    return picture.nodes().containsKey(Picture.name(node.id(), names));
  }

  @Override
  public String toString() {
    return "%s keys %s out %s in %s epochs %s"
        .formatted(picture, versions, migrating, importing, epochs);
  }
}
