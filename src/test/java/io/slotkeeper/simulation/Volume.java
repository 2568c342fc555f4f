package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server finds when it starts: nodes.conf, and the data set. */
final class Volume extends Disk {
  /** Null before the first start. */
  @Nullable NodeId id;

  long currentEpoch;
  long lastVoteEpoch;
  List<Line> nodes = new ArrayList<>();

  /** Slots that are on the move, as nodes.conf has them. */
  Map<Integer, NodeId> migrating = Map.of();

  Map<Integer, NodeId> importing = Map.of();

  /** The version of the key in each probed slot; a slot without a key is absent. */
  final Map<Integer, Integer> data = new TreeMap<>();

  /**
   * Keys that the server has deleted without telling its AOF and its replicas: Redis 7.0 does so
   * when it hears that others own their slots (delKeysInSlot; mended in 7.2).
   */
  private final Map<Integer, Integer> buried = new TreeMap<>();

  /** What was here has been replaced by the data of a server that was not its master. */
  boolean strange;

  /** Keys that came with that, of slots that its owner does not serve. */
  final Set<Integer> strays = new HashSet<>();

  /** When the AOF of a server that was killed was last written; 0 after an orderly end. */
  long writtenAt;

  /** The server process that it was last in sync with. */
  @Nullable Server followed;

  /** The server that has it open: nodes.conf is locked. */
  private @Nullable Server reader() {
    return (Server) server;
  }

  /** What a pod has. */
  static @Nullable Volume of(Pod pod) {
    return (Volume) pod.volume;
  }

  @SuppressWarnings("unchecked") // the world of a cluster has no others
  static List<Volume> all(List<Disk> disks) {
    return (List<Volume>) (List<?>) disks;
  }

  Collection<Line> table() {
    Server reader = reader();
    return reader == null ? nodes : reader.table.values();
  }

  /** Its own line; null before the first start. */
  @Nullable Line self() {
    Server reader = reader();
    if (reader != null) {
      return reader.self;
    }
    for (Line line : nodes) {
      if (line.id.equals(id)) {
        return line;
      }
    }
    return null;
  }

  void put(int slot, int version) {
    data.put(slot, version);
    buried.remove(slot);
  }

  /** RESTORE without REPLACE: replicas and the AOF, which have the key still, refuse it. */
  void restore(int slot, int version) {
    data.put(slot, version);
  }

  void delete(int slot) {
    data.remove(slot);
    buried.remove(slot);
  }

  /** In memory only. */
  void bury(int slot) {
    Integer version = data.remove(slot);
    if (version != null) {
      buried.put(slot, version);
    }
  }

  /** What was buried is back after a restart. */
  void read() {
    data.putAll(buried);
    buried.clear();
  }

  void clear() {
    data.clear();
    buried.clear();
  }

  /** A full synchronisation. */
  void copy(Volume master) {
    clear();
    old = false;
    data.putAll(master.data);
  }

  /**
   * What a replica has that has heard all that its master said. Nothing is said of what was buried,
   * by the master now, or by this one before it became a replica.
   */
  Map<Integer, Integer> following(Volume master) {
    Map<Integer, Integer> next = new TreeMap<>(master.data);
    next.entrySet().removeIf(key -> key.getValue().equals(buried.get(key.getKey())));
    data.forEach((slot, version) -> {
      if (version.equals(master.buried.get(slot))) {
        next.put(slot, version);
      }
    });
    return next;
  }

  void become(Map<Integer, Integer> next) {
    old = false;
    data.clear();
    data.putAll(next);
  }

  int version(int slot) {
    return data.getOrDefault(slot, 0);
  }

  /** From now on what is here is the data, whichever server it was copied from. */
  void promoted() {
    if (strange) {
      strays.addAll(data.keySet());
    }
    strange = false;
    old = false;
  }
}
