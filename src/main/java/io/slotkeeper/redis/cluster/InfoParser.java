package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.NodeSnapshot.Replication;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code INFO} and {@code CLUSTER INFO}: lines of {@code name:value} and of comments. */
public final class InfoParser {
  private static final Pattern DATABASE = Pattern.compile("db\\d+");

  /** {@code CONFIG_RUN_ID_SIZE} zeros: there is no second replication id. */
  private static final Pattern NONE = Pattern.compile("0+");

  private static final Pattern KEYS = Pattern.compile("keys=(\\d+),.*");

  private static final List<String> DISK =
      List.of("aof_last_write_status", "rdb_last_bgsave_status");

  private InfoParser() {}

  public static Map<String, String> parse(String reply) {
    Map<String, String> fields = new HashMap<>();
    reply
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0) {
            fields.put(line.substring(0, colon), line.substring(colon + 1));
          }
        });
    return fields;
  }

  /**
   * @throws IllegalArgumentException where the field is absent
   */
  public static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no field '" + name + "' in INFO");
    }
    return value;
  }

  /**
   * @throws IllegalArgumentException where the field is absent, or no number
   */
  public static long number(Map<String, String> fields, String name) {
    String value = text(fields, name);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("INFO has " + name + ":" + value, e);
    }
  }

  /** Valkey has a {@code redis_version} as well: the one it is compatible with. */
  public static Engine engine(Map<String, String> info) {
    return info.containsKey("valkey_version") ? Engine.VALKEY : Engine.REDIS;
  }

  public static String version(Map<String, String> info) {
    return text(info, engine(info) == Engine.VALKEY ? "valkey_version" : "redis_version");
  }

  /** What could not be written to disk last; null where all could. */
  static @Nullable public String diskError(Map<String, String> info) {
    for (String field : DISK) {
      if ("err".equals(info.get(field))) {
        return field + ":err";
      }
    }
    return null;
  }

  /**
   * How much of its data set a server has read, in steps coarse enough not to change all the time;
   * empty where it does not know.
   */
  public static String loaded(Map<String, String> info) {
    try {
      int percent = (int) Double.parseDouble(info.getOrDefault("loading_loaded_perc", ""));
      long seconds = Long.parseLong(info.getOrDefault("loading_eta_seconds", ""));
      String left = seconds < 60 ? "" : ", about " + (seconds + 59) / 60 + " min left";
      return ", " + percent / 10 * 10 + " %" + left;
    } catch (NumberFormatException e) {
      return "";
    }
  }

  /** The keys of all databases ({@code INFO keyspace}; it has no line for an empty one). */
  public static long keys(Map<String, String> info) {
    long sum = 0;
    for (Map.Entry<String, String> field : info.entrySet()) {
      if (DATABASE.matcher(field.getKey()).matches()) {
        Matcher keys = KEYS.matcher(field.getValue());
        if (!keys.matches()) {
          throw new IllegalArgumentException("INFO has " + field.getKey() + ":" + field.getValue());
        }
        sum += Long.parseLong(keys.group(1));
      }
    }
    return sum;
  }

  /**
   * @throws IllegalArgumentException where a field is absent
   */
  public static Persistence persistence(Map<String, String> info, String save) {
    return new Persistence(
        text(info, "run_id"),
        text(info, "aof_enabled").equals("1"),
        text(info, "aof_rewrite_in_progress").equals("1")
            || text(info, "aof_rewrite_scheduled").equals("1"),
        !text(info, "aof_last_bgrewrite_status").equals("ok"),
        text(info, "rdb_bgsave_in_progress").equals("1"),
        !text(info, "rdb_last_bgsave_status").equals("ok"),
        number(info, "rdb_last_save_time"),
        save);
  }

  /**
   * @param info of the sections server, memory, persistence, replication, keyspace
   * @throws IllegalArgumentException where a field is absent
   */
  public static NodeSnapshot.Server server(Map<String, String> info, int databases) {
    return new NodeSnapshot.Server(
        text(info, "run_id"),
        keys(info),
        engine(info),
        version(info),
        number(info, "used_memory"),
        number(info, "maxmemory"),
        databases,
        replication(info),
        diskError(info),
        "1".equals(info.get("aof_enabled")));
  }

  /** {@code CLUSTER INFO}, and what else belongs to it. */
  public static NodeSnapshot.Cluster cluster(
      ClusterTable table, Map<String, String> info, long nodeTimeoutMillis) {
    return new NodeSnapshot.Cluster(
        table,
        text(info, "cluster_state").equals("ok"),
        number(info, "cluster_current_epoch"),
        nodeTimeoutMillis,
        null);
  }

  /** {@code INFO replication}. */
  public static Replication replication(Map<String, String> info) {
    boolean master = !text(info, "role").equals("slave");
    boolean linkUp = master || text(info, "master_link_status").equals("up");
    long linkDown = linkUp ? -1 : number(info, "master_link_down_since_seconds");
    boolean transferring = !master && text(info, "master_sync_in_progress").equals("1");
    String second = text(info, "master_replid2");
    return new Replication(
        master,
        master ? null : text(info, "master_host"),
        master ? 0 : (int) number(info, "master_port"),
        linkUp,
        transferring || (!linkUp && linkDown < 0),
        linkDown,
        number(info, master ? "master_repl_offset" : "slave_repl_offset"),
        text(info, "master_replid"),
        NONE.matcher(second).matches() ? null : second,
        number(info, "second_repl_offset"),
        !text(info, "master_failover_state").equals("no-failover"),
        ReplicaLines.of(info));
  }
}
