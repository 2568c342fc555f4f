package io.slotkeeper.resources;

import java.util.Locale;
import java.util.Map;

/**
 * One name for each setting. The servers know some under several names; a setting that appears
 * under two of them would have the value of whichever line comes last.
 */
final class SettingNames {

  /**
   * Maps other names to the one that every server since Redis 7.0 knows if it knows the setting.
   * SettingNamesServersTest derives the pairs from the behaviour of real servers.
   */
  static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("aof-rewrite-cpulist", "aof_rewrite_cpulist"),
          Map.entry("bgsave-cpulist", "bgsave_cpulist"),
          Map.entry("bio-cpulist", "bio_cpulist"),
          Map.entry("cluster-slave-no-failover", "cluster-replica-no-failover"),
          Map.entry("cluster-slave-validity-factor", "cluster-replica-validity-factor"),
          Map.entry("commandlog-execution-slower-than", "slowlog-log-slower-than"),
          Map.entry("commandlog-slow-execution-max-len", "slowlog-max-len"),
          Map.entry("hash-max-ziplist-entries", "hash-max-listpack-entries"),
          Map.entry("hash-max-ziplist-value", "hash-max-listpack-value"),
          Map.entry("list-max-ziplist-size", "list-max-listpack-size"),
          Map.entry("lua-time-limit", "busy-reply-threshold"),
          Map.entry("min-slaves-max-lag", "min-replicas-max-lag"),
          Map.entry("min-slaves-to-write", "min-replicas-to-write"),
          Map.entry("primaryauth", "masterauth"),
          Map.entry("primaryuser", "masteruser"),
          Map.entry("repl-ping-slave-period", "repl-ping-replica-period"),
          Map.entry("server-cpulist", "server_cpulist"),
          Map.entry("slave-announce-ip", "replica-announce-ip"),
          Map.entry("slave-announce-port", "replica-announce-port"),
          Map.entry("slave-ignore-maxmemory", "replica-ignore-maxmemory"),
          Map.entry("slave-lazy-flush", "replica-lazy-flush"),
          Map.entry("slave-priority", "replica-priority"),
          Map.entry("slave-read-only", "replica-read-only"),
          Map.entry("slave-serve-stale-data", "replica-serve-stale-data"),
          Map.entry("slaveof", "replicaof"),
          Map.entry("zset-max-ziplist-entries", "zset-max-listpack-entries"),
          Map.entry("zset-max-ziplist-value", "zset-max-listpack-value"));

  private SettingNames() {}

  /** Upper and lower case are the same to a server. */
  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALIASES.getOrDefault(lower, lower);
  }
}
