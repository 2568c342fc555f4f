package io.slotkeeper.testing;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What servers answer, for tests that are about a part of it alone. */
public final class NodeSnapshots {
  public static final String RUN_ID = "e".repeat(40);

  private NodeSnapshots() {}

  /** The table of a master that has no slots and knows no other node. */
  public static ClusterTable alone() {
    return new ClusterTable(
        List.of(
            new ClusterNode(
                new NodeId("0".repeat(40)),
                null,
                EnumSet.of(Flag.MYSELF, Flag.MASTER),
                null,
                1,
                true,
                SlotSet.NONE,
                Map.of(),
                Map.of())));
  }

  public static NodeSnapshot of(ClusterTable table) {
    return of(table, Engine.REDIS, "7.0.15");
  }

  public static NodeSnapshot of(ClusterTable table, Engine engine, String version) {
    Replication replication =
        table.myself().is(Flag.REPLICA) ? replica("10.0.0.9", true, -1, 0, "r") : master(0, "r");
    return new NodeSnapshot(
        server(engine, version, 0, replication),
        new NodeSnapshot.Cluster(table, true, 1, 5000, null));
  }

  public static NodeSnapshot.Server server(
      Engine engine, String version, long keys, Replication replication) {
    return new NodeSnapshot.Server(RUN_ID, keys, engine, version, 1, 0, 1, replication, null);
  }

  public static Replication master(long offset, String id) {
    return new Replication(true, null, 0, true, false, -1, offset, id, null, -1, false);
  }

  /** One whose link is down has never had one, unless it knows since when it is down. */
  public static Replication replica(
      String host, boolean linkUp, long linkDownSeconds, long offset, String id) {
    boolean syncing = !linkUp && linkDownSeconds < 0;
    return new Replication(
        false, host, 6379, linkUp, syncing, linkDownSeconds, offset, id, null, -1, false);
  }
}
