package io.slotkeeper.resources;

import io.slotkeeper.api.Mode;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.StorageType;
import io.slotkeeper.api.TlsMode;
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
  static final String DATABASES = "databases";

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
    fixed(spec.mode(), spec.effectiveTls().mode())
        .forEach((name, value) -> fix(settings, name, value));
    return settings;
  }

  private static void fix(Map<String, String> settings, String name, String value) {
    String asked = settings.put(name, value);
    if (asked != null && !RedisConf.plain(asked).equalsIgnoreCase(value)) {
      throw new InvalidConfigurationException(
          "%s must be %s in this mode, not %s: remove it".formatted(name, value, asked));
    }
  }

  /** The names of the settings that the user cannot set. */
  static Set<String> operatorOwned(Mode mode, TlsMode tls) {
    return fixed(mode, tls).keySet();
  }

  /** Required for pods, probes, start script and operator to work; the user cannot set it. */
  private static Map<String, String> fixed(Mode mode, TlsMode tls) {
    Map<String, String> settings = new TreeMap<>(ServerKind.of(mode).fixed());
    settings.put("bind", "* -::*");
    // It would refuse every client where authentication is off; the NetworkPolicy protects.
    settings.put("protected-mode", "no");
    settings.put("port", Integer.toString(tls.hasPlainPort() ? Ports.CLIENT : 0));
    settings.put("dir", "/data");
    if (tls.encrypts()) {
      settings.putAll(ServerTls.settings(mode));
    }
    return settings;
  }

  private static Map<String, String> defaults(RedisSpec spec) {
    Map<String, String> settings = new TreeMap<>(ServerKind.of(spec.mode()).defaults());
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
