package io.slotkeeper.testing;

import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.sentinel.SentinelNodes;

/** Where a test has none. */
public final class NoSentinels {

  public static final SentinelNodes NODES =
      endpoint -> {
        throw new RedisUnavailableException(
            RedisUnavailableException.Kind.REFUSED, endpoint, "is no Sentinel", null);
      };

  private NoSentinels() {}
}
