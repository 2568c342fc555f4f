package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server finds when it starts: nodes.conf, and the data set. */
final class Volume {
  /** Null before the first start. */
  @Nullable NodeId id;

  long currentEpoch;
  long lastVoteEpoch;
  List<Line> nodes = new ArrayList<>();

  /** Slots that are on the move, as nodes.conf has them. */
  Map<Integer, NodeId> migrating = Map.of();

  Map<Integer, NodeId> importing = Map.of();

  /** The version of the key in each probed slot; a slot without a key is absent. */
  Map<Integer, Integer> data = new TreeMap<>();

  /** nodes.conf cannot be read: no server starts on it. */
  boolean corrupt;

  /** What was here has been replaced by the data of a server that was not its master. */
  boolean strange;

  /** Keys that came with that, of slots that its owner does not serve. */
  final Set<Integer> strays = new HashSet<>();

  /** With whose process it was last in sync. */
  @Nullable Server followed;

  /** Who has it open (nodes.conf is locked): no second one starts. */
  @Nullable Server server;

  Collection<Line> table() {
    return server == null ? nodes : server.table.values();
  }

  /** Its own line; null before the first start. */
  @Nullable Line self() {
    if (server != null) {
      return server.self;
    }
    for (Line line : nodes) {
      if (line.id.equals(id)) {
        return line;
      }
    }
    return null;
  }

  int version(int slot) {
    return data.getOrDefault(slot, 0);
  }

  /** From now on what is here is the data, whoever it was copied from. */
  void promoted() {
    if (strange) {
      strays.addAll(data.keySet());
    }
    strange = false;
  }
}
