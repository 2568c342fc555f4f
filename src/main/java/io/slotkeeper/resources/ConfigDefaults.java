package io.slotkeeper.resources;

import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.StorageType;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What goes into redis.conf: defaults, below the user's ConfigMap, below {@code spec.config}, and
 * the operator's own settings on top. Only settings that every server since Redis 7.0 knows: an
 * unknown one stops a server. The password and the pod's address are not among them; the start
 * script adds them.
 */
final class ConfigDefaults {
  static final String NODE_TIMEOUT = "cluster-node-timeout";

  /** Where there is no memory limit. */
  static final String BACKLOG = "64mb";

  private ConfigDefaults() {}

  /**
   * @param configMapText {@code redis.conf} of the ConfigMap that {@code configSource} names; null
   *     if there is no such ConfigMap or key
   */
  static SortedMap<String, String> of(RedisSpec spec, @Nullable String configMapText) {
    SortedMap<String, String> settings = new TreeMap<>(defaults(spec));
    if (spec.configSource() != null) {
      String source = "ConfigMap " + spec.configSource().configMap().name();
      if (configMapText == null) {
        throw new InvalidConfigurationException(
            source + " does not exist or has no key redis.conf: create it, or remove configSource");
      }
      settings.putAll(RedisConf.parse(configMapText, source + ", redis.conf"));
    }
    settings.putAll(RedisConf.of(spec.config(), "spec.config"));
    settings.putAll(fixed());
    return settings;
  }

  /** The names of the settings that the user cannot set. */
  static Set<String> operatorOwned() {
    return fixed().keySet();
  }

  /** Required for pods, probes, start script and operator to work; the user cannot set it. */
  private static Map<String, String> fixed() {
    return Map.of(
        "bind", "* -::*",
        // It would refuse every client where authentication is off; the NetworkPolicy protects.
        "protected-mode", "no",
        "port", Integer.toString(Ports.CLIENT),
        "cluster-enabled", "yes",
        "cluster-port", Integer.toString(Ports.BUS),
        "cluster-config-file", "/data/nodes.conf",
        // Which replica follows which master is planned; by itself a replica would leave its shard,
        // and a drained master would become a replica of another.
        "cluster-allow-replica-migration", "no",
        "dir", "/data");
  }

  private static Map<String, String> defaults(RedisSpec spec) {
    Map<String, String> settings = new TreeMap<>();
    settings.put(NODE_TIMEOUT, "5000");
    // One lost shard does not stop the others; the condition SlotsCovered reports it.
    settings.put("cluster-require-full-coverage", "no");
    // The servers' own elections stay careful: a replica that has long been cut off needs evidence,
    // which only the operator has.
    settings.put("cluster-replica-validity-factor", "10");
    settings.put("repl-diskless-sync", "yes");
    // The default of 5 s is what a new replica waits before its first synchronisation.
    settings.put("repl-diskless-sync-delay", "0");
    settings.put("repl-backlog-size", BACKLOG);
    settings.put("appendonly", spec.storageType() == StorageType.Durable ? "yes" : "no");
    // The servers' default; on an emptyDir, too: it outlives the container, if not the pod.
    settings.put("save", "3600 1 300 100 60 10000");
    // How long a stopping master waits for its replicas; the pod's grace period is longer.
    settings.put("shutdown-timeout", "10");
    settings.put("tcp-keepalive", "60");
    // DEBUG over the loopback interface: a user inside the container can end the server anyway.
    settings.put("enable-debug-command", "local");
    MemoryLimit.wanted(spec.podTemplate().spec().resources())
        .ifPresent(limit -> settings.putAll(MemoryLimit.defaults(limit)));
    return settings;
  }
}
