package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.SlotTask.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads lists of tasks, each a flat list of names and values.
 *
 * <p>Fields and states are those of {@code asmFormatTask} (Redis, cluster_asm.c) and of {@code
 * clusterCommandGetSlotMigrations} (Valkey, cluster_migrateslots.c).
 */
public final class SlotTaskParser {

  private SlotTaskParser() {}

  /** {@code CLUSTER MIGRATION STATUS}. */
  public static List<SlotTask> imports(List<Object> reply) {
    List<SlotTask> tasks = new ArrayList<>();
    for (Object element : reply) {
      Map<String, String> fields = fields(element);
      String phase = text(fields, "state");
      boolean importing = text(fields, "operation").equals("import");
      tasks.add(
          new SlotTask(
              text(fields, "id"),
              slots(text(fields, "slots")),
              new NodeId(text(fields, "source")),
              new NodeId(text(fields, "dest")),
              importing,
              switch (phase) {
                case "completed" -> State.COMPLETED;
                case "canceled", "cancelled" -> State.CANCELLED;
                // The destination starts over a second later, forever; the source does not.
                case "failed" -> importing ? State.RUNNING : State.FAILED;
                default -> State.RUNNING;
              },
              phase,
              text(fields, "last_error"),
              (int) number(fields, "retries"),
              Instant.ofEpochMilli(number(fields, "create_time")),
              Duration.ofMillis(number(fields, "write_pause_ms"))));
    }
    return tasks;
  }

  /** {@code CLUSTER GETSLOTMIGRATIONS}. */
  public static List<SlotTask> exports(List<Object> reply) {
    List<SlotTask> tasks = new ArrayList<>();
    for (Object element : reply) {
      Map<String, String> fields = fields(element);
      String phase = text(fields, "state");
      tasks.add(
          new SlotTask(
              text(fields, "name"),
              slots(text(fields, "slot_ranges")),
              new NodeId(text(fields, "source_node")),
              new NodeId(text(fields, "target_node")),
              text(fields, "operation").equals("IMPORT"),
              switch (phase) {
                case "success" -> State.COMPLETED;
                case "cancelled", "canceled" -> State.CANCELLED;
                case "failed" -> State.FAILED;
                default -> State.RUNNING;
              },
              phase,
              text(fields, "message"),
              0,
              Instant.ofEpochSecond(number(fields, "create_time")),
              Duration.ZERO));
    }
    return tasks;
  }

  private static Map<String, String> fields(Object element) {
    if (!(element instanceof List<?> flat) || flat.size() % 2 != 0) {
      throw new RedisErrorException("no task of a slot migration: " + element);
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      fields.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
    }
    return fields;
  }

  private static SlotSet slots(String ranges) {
    SlotSet slots = SlotSet.NONE;
    for (String range : ranges.split(" ", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      slots = slots.plus(SlotSet.range(first, Integer.parseInt(range.substring(dash + 1))));
    }
    return slots;
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new RedisErrorException("a task of a slot migration has no " + name);
    }
    return value;
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(text(fields, name));
  }
}
