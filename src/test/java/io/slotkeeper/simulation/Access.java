package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import org.jspecify.annotations.Nullable;

/** How a command comes to the key of a slot (cluster.c: getNodeByQuery). A slot has one key. */
enum Access {
  PLAIN,
  /** After ASKING, or RESTORE-ASKING, which MIGRATE sends. */
  ASKING,
  /** MIGRATE itself: at both ends of an open slot. */
  MIGRATE;

  static Access of(boolean asking) {
    return asking ? ASKING : PLAIN;
  }

  /** Why a server does not do it; null if it does. */
  @Nullable String refusal(Server server, int slot) {
    Line owner = server.ownerOf(slot);
    if (owner == null) {
      return "CLUSTERDOWN Hash slot not served";
    }
    if (!server.state.ok()) {
      return "CLUSTERDOWN The cluster is down";
    }
    NodeId to = owner == server.self ? server.migrating.get(slot) : null;
    boolean importing = to == null && server.importing.containsKey(slot);
    if (this == MIGRATE && (to != null || importing)) {
      return null;
    }
    if (to != null && server.volume.version(slot) == 0) {
      return "ASK " + slot + " " + address(server.table.get(to));
    }
    if (owner == server.self || (this == ASKING && importing)) {
      return null;
    }
    return "MOVED " + slot + " " + address(owner);
  }

  private static String address(@Nullable Line line) {
    return (line == null || line.ip == null ? "" : line.ip) + ":6379";
  }
}
