package io.slotkeeper.plan;

import java.util.Optional;

/**
 * How slots may move from shard to shard.
 *
 * @param parallelism how many shards may give slots away at once, at least 1
 * @param maxPauseMillis how long a server may be kept from serving by one batch
 * @param hold why none may move now; empty where they may
 */
public record MovePolicy(int parallelism, int maxPauseMillis, Optional<Hold> hold) {

  public static final MovePolicy DEFAULT = new MovePolicy(4, 20, Optional.empty());

  public MovePolicy {
    if (parallelism < 1 || maxPauseMillis < 1) {
      throw new IllegalArgumentException(parallelism + " moves, " + maxPauseMillis + " ms");
    }
  }

  public MovePolicy on(Hold newHold) {
    return new MovePolicy(parallelism, maxPauseMillis, Optional.of(newHold));
  }
}
