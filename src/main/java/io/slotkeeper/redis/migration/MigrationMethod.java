package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import java.util.Arrays;
import java.util.Collection;

/** How slots can be moved in a cluster. */
public enum MigrationMethod {
  /** {@code CLUSTER SETSLOT} and {@code MIGRATE}, slot by slot and key by key: everywhere. */
  CLASSIC,

  /** {@code CLUSTER MIGRATION IMPORT} on the destination. */
  REDIS_ATOMIC,

  /** {@code CLUSTER MIGRATESLOTS} on the source. */
  VALKEY_ATOMIC;

  /** The best that all nodes of a cluster can do, replicas included: any may become a master. */
  public static MigrationMethod of(Collection<NodeSnapshot> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("no nodes");
    }
    if (nodes.stream().allMatch(node -> node.engine() == Engine.REDIS && atLeast(node, 8, 4))) {
      return REDIS_ATOMIC;
    }
    if (nodes.stream().allMatch(node -> node.engine() == Engine.VALKEY && atLeast(node, 9, 0))) {
      return VALKEY_ATOMIC;
    }
    return CLASSIC;
  }

  /** An unreadable version counts as too old. */
  static boolean atLeast(NodeSnapshot node, int major, int minor) {
    String[] parts = node.version().split("\\.", -1);
    if (parts.length < 2
        || !Arrays.stream(parts).limit(2).allMatch(part -> part.matches("\\d{1,6}"))) {
      return false;
    }
    int first = Integer.parseInt(parts[0]);
    return first > major || (first == major && Integer.parseInt(parts[1]) >= minor);
  }
}
