package io.slotkeeper.redis;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Settings by which a server may delete keys at once, because it has too many. */
public final class EvictionSettings {
  private static final String LIMIT = "maxmemory";
  private static final String POLICY = "maxmemory-policy";

  /** All are needed to decide whether changing one would evict keys. */
  public static final Set<String> SETTINGS = Set.of(LIMIT, POLICY);

  private EvictionSettings() {}

  /**
   * Whether a server that has these settings would evict keys as soon as one of them is changed.
   *
   * @param has what the server has of {@link #SETTINGS}
   * @param usedMemory bytes
   */
  public static boolean threatens(
      String setting, String value, Map<String, String> has, long usedMemory) {
    if (!SETTINGS.contains(setting)) {
      return false;
    }
    String policy = setting.equals(POLICY) ? value : has.getOrDefault(POLICY, "");
    String limit = setting.equals(LIMIT) ? value : has.getOrDefault(LIMIT, "");
    long bytes = ConfigValue.bytes(limit).orElse(1); // unknown is not unlimited
    return !policy.toLowerCase(Locale.ROOT).equals("noeviction") && bytes > 0 && usedMemory > bytes;
  }
}
