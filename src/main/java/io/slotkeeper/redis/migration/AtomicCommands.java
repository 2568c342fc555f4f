package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import java.util.ArrayList;
import java.util.List;

/** The commands for an engine that moves slots by itself. */
interface AtomicCommands {

  /** The tasks that source and destination run or remember. */
  List<SlotTask> tasks();

  void start(SlotSet slots);

  /** Cancels what runs between the two. */
  void cancel();

  /** Whether a server takes part in more than one task at a time. */
  boolean severalAtOnce();

  /** The most bytes that one task should move: all of it is lost when it fails. */
  long mostBytes();

  /** The same in keys. */
  long mostKeys();

  static AtomicCommands redis(RedisNodes nodes, SlotMove move) {
    SlotCommands source = nodes.at(move.source().endpoint()).slots();
    SlotCommands destination = nodes.at(move.destination().endpoint()).slots();
    return new Redis(source, destination);
  }

  static AtomicCommands valkey(RedisNodes nodes, SlotMove move) {
    return new Valkey(nodes.at(move.source().endpoint()).slots(), move);
  }

  /** {@code CLUSTER MIGRATION}, commanded at the destination. */
  record Redis(SlotCommands source, SlotCommands destination) implements AtomicCommands {
    @Override
    public List<SlotTask> tasks() {
      List<SlotTask> tasks = new ArrayList<>(destination.importTasks());
      // The source adds the tasks that the destination does not know: those with other servers.
      source.importTasks().stream()
          .filter(task -> tasks.stream().noneMatch(known -> known.id().equals(task.id())))
          .forEach(tasks::add);
      return tasks;
    }

    @Override
    public void start(SlotSet slots) {
      destination.startImport(slots);
    }

    @Override
    public void cancel() {
      destination.cancelImports(); // if cancelled at the source, it would start over
    }

    @Override
    public boolean severalAtOnce() {
      return false;
    }

    @Override
    public long mostBytes() {
      return 4L << 30;
    }

    @Override
    public long mostKeys() {
      return Long.MAX_VALUE;
    }
  }

  /** {@code CLUSTER MIGRATESLOTS}, commanded at the source. */
  record Valkey(SlotCommands source, SlotMove move) implements AtomicCommands {
    @Override
    public List<SlotTask> tasks() {
      return source.exportTasks();
    }

    @Override
    public void start(SlotSet slots) {
      source.startExport(slots, move.destination().id());
    }

    @Override
    public void cancel() {
      source.cancelExports();
    }

    @Override
    public boolean severalAtOnce() {
      return true;
    }

    @Override
    public long mostBytes() {
      return 4L << 30;
    }

    /** The source deletes the keys before it serves clients again: a microsecond or so each. */
    @Override
    public long mostKeys() {
      return 250_000;
    }
  }
}
