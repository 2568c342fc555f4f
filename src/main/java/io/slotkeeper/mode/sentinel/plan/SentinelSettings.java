package io.slotkeeper.mode.sentinel.plan;

import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The settings of Sentinels, which each is sent by itself. */
final class SentinelSettings {
  private static final String QUORUM = "quorum";

  /**
   * The Sentinels' own defaults, except for how long a primary must be silent: theirs is 30 s, and
   * a server that only the operator could replace faster is silent, not dead.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "down-after-milliseconds",
          "5000",
          "failover-timeout",
          "60000",
          "parallel-syncs",
          "1",
          "master-reboot-down-after-period",
          "0");

  private SentinelSettings() {}

  static Map<String, String> wanted(SentinelPolicy policy) {
    Map<String, String> settings = new TreeMap<>(DEFAULTS);
    settings.putAll(policy.settings());
    return settings;
  }

  /**
   * Those that a Sentinel has otherwise; empty for none. What it does not show is left alone. The
   * password, which no Sentinel shows, goes along with any.
   */
  static Optional<Map<String, String>> missing(SentinelPolicy policy, Monitored seen) {
    if (seen.refused()) {
      return Optional.of(wanted(policy));
    }
    Map<String, String> missing = new TreeMap<>(wanted(policy));
    missing
        .entrySet()
        .removeIf(setting ->
            setting
                .getValue()
                .equals(seen.settings().getOrDefault(setting.getKey(), setting.getValue())));
    if (seen.quorum() != policy.quorum()) {
      missing.put(QUORUM, Integer.toString(policy.quorum()));
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(missing);
  }
}
