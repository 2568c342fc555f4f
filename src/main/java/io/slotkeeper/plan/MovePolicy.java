package io.slotkeeper.plan;

import java.util.Optional;

/**
 * How slots may move from shard to shard.
 *
 * @param parallelism how many shards may give slots away at once, at least 1
 * @param maxPauseMillis how long a server may be kept from serving by one batch
 * @param byMemory shards are to have the same memory in use, not the same number of slots
 * @param asked the user wants everything to be even now; the value is new with each such wish
 * @param hold why none may move now; empty where they may
 */
public record MovePolicy(
    int parallelism,
    int maxPauseMillis,
    boolean byMemory,
    Optional<String> asked,
    Optional<Hold> hold) {

  public static final MovePolicy DEFAULT =
      new MovePolicy(4, 20, false, Optional.empty(), Optional.empty());

  public MovePolicy {
    if (parallelism < 1 || maxPauseMillis < 1) {
      throw new IllegalArgumentException(parallelism + " moves, " + maxPauseMillis + " ms");
    }
  }

  public MovePolicy on(Hold newHold) {
    return new MovePolicy(parallelism, maxPauseMillis, byMemory, asked, Optional.of(newHold));
  }
}
