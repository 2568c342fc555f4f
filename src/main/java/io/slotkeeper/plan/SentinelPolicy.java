package io.slotkeeper.plan;

import io.slotkeeper.api.Mode;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.SentinelSpec;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wanted Sentinels.
 *
 * @param sentinels how many
 * @param quorum how many must find the primary down before they elect another
 * @param masterName the name that clients ask them for
 * @param settings by name, such as {@code down-after-milliseconds}
 */
public record SentinelPolicy(
    int sentinels, int quorum, String masterName, Map<String, String> settings) {

  public SentinelPolicy {
    settings = Map.copyOf(settings);
  }

  /** What a Redis asks for; null where its mode has no Sentinels. */
  public static @Nullable SentinelPolicy of(Redis redis) {
    if (redis.getSpec().mode() != Mode.Sentinel) {
      return null;
    }
    SentinelSpec wanted = redis.getSpec().requireSentinel();
    return new SentinelPolicy(
        wanted.sentinels(),
        wanted.effectiveQuorum(),
        Objects.requireNonNullElse(wanted.masterName(), redis.getMetadata().getName()),
        wanted.config());
  }

  /** More than half of them. */
  public int majority() {
    return sentinels / 2 + 1;
  }
}
