package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands that move slots, to one server, many at once: each call is one pipelined round trip.
 *
 * <p>All methods throw what those of {@link RedisNode} do. After an error some of the slots of a
 * call may have been changed and others not.
 */
public interface SlotCommands {

  /**
   * {@code CLUSTER SETSLOT} for each slot; all are tried, the first error is thrown.
   *
   * @param parallel over how many connections: Valkey 8 and later answers a SETSLOT only when its
   *     replicas have it (valkey #445), so that one connection would do them one after the other
   */
  void setSlots(SlotSet slots, Mark mark, int parallel);

  /** {@code CLUSTER COUNTKEYSINSLOT}; slots without keys are absent. */
  Map<Integer, Long> countKeys(SlotSet slots);

  /**
   * {@code CLUSTER GETKEYSINSLOT}, with the {@code MEMORY USAGE} of each key; slots without keys
   * are absent.
   *
   * @param perSlot the maximum number of keys returned for one slot
   */
  Map<Integer, List<SizedKey>> keys(SlotSet slots, int perSlot);

  /**
   * {@code MIGRATE}: moves keys to another server, which keeps their times to live. Blocks both
   * servers. All parcels are tried.
   *
   * @param to the other server, and how this one logs in there
   * @param parcels one command each
   * @param replace overwrites keys of the same name on the other server
   * @param silence how long the other server may be silent, each time this one waits for it
   * @return the errors; what one means for the keys of a parcel, only a look at them shows
   */
  Transfer migrate(Endpoint to, List<Parcel> parcels, boolean replace, Duration silence);

  /** {@code EXISTS}: those of the keys that exist. The slots must be served by this server. */
  Set<Key> existing(List<Key> keys);

  /** {@code ASKING}, {@code DEL}: deletes keys of slots that are marked as being imported here. */
  void deleteImported(List<Key> keys);

  /** {@code CLUSTER MIGRATION IMPORT} (Redis 8.4), to the destination. */
  void startImport(SlotSet slots);

  /** {@code CLUSTER MIGRATION STATUS ALL} (Redis 8.4): the tasks it remembers, at either end. */
  List<SlotTask> importTasks();

  /** {@code CLUSTER MIGRATION CANCEL ALL} (Redis 8.4), to the destination. */
  void cancelImports();

  /** {@code CLUSTER MIGRATESLOTS} (Valkey 9), to the source. */
  void startExport(SlotSet slots, NodeId to);

  /** {@code CLUSTER GETSLOTMIGRATIONS} (Valkey 9): the tasks it remembers, at either end. */
  List<SlotTask> exportTasks();

  /** {@code CLUSTER CANCELSLOTMIGRATIONS} (Valkey 9), to the source; no effect where none runs. */
  void cancelExports();

  /** The states of a slot (redis.io/commands/cluster-setslot). */
  sealed interface Mark {
    /** Serves clients that were redirected here with ASK. */
    record Importing(NodeId from) implements Mark {}

    /** Redirects clients with ASK for keys that are not here. */
    record Migrating(NodeId to) implements Mark {}

    record Owned(NodeId by) implements Mark {}

    /** Neither coming nor going. */
    record Stable() implements Mark {}
  }

  /**
   * @param bytes estimated from some elements where there are many; 0 if less than a thousand, or
   *     the key does not exist any more, or this server does not own its slot
   */
  record SizedKey(Key key, long bytes) {}

  /** Keys of one slot that are moved with one command. */
  record Parcel(List<Key> keys) {
    public Parcel {
      keys = List.copyOf(keys);
    }
  }

  /**
   * What became of {@link #migrate}.
   *
   * @param errors the server's errors for the parcels that failed, partly or as a whole
   * @param pause from the first command to the last answer: for this long, at most, the server
   *     served no other client
   */
  record Transfer(List<String> errors, Duration pause) {
    public Transfer {
      errors = List.copyOf(errors);
    }
  }
}
