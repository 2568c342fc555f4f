package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What servers say, of which only some matters. */
final class Snapshots {

  private Snapshots() {}

  static NodeSnapshot of(ClusterTable table, NodeSnapshot.Engine engine, String version) {
    return NodeSnapshots.of(table, engine, version);
  }

  static NodeSnapshot of(NodeSnapshot.Engine engine, String version) {
    ClusterNode self =
        new ClusterNode(
            new NodeId("a".repeat(40)),
            null,
            Set.of(Flag.MYSELF, Flag.MASTER),
            null,
            1,
            true,
            SlotSet.NONE,
            Map.of(),
            Map.of());
    return of(new ClusterTable(List.of(self)), engine, version);
  }
}
