package io.slotkeeper.plan;

import io.slotkeeper.model.Blocker;
import java.util.Optional;

/**
 * How slots may move from shard to shard.
 *
 * @param parallelism how many shards may give slots away at once, at least 1
 * @param maxPauseMillis how long one batch may keep a server from serving
 * @param byMemory balance used memory, not the number of slots
 * @param asked the user wants everything balanced now; the value is new with each such request
 * @param blocker why none may move now; empty where they may
 */
public record SlotMovePolicy(
    int parallelism,
    int maxPauseMillis,
    boolean byMemory,
    Optional<String> asked,
    Optional<Blocker> blocker) {

  public static final SlotMovePolicy DEFAULT =
      new SlotMovePolicy(4, 20, false, Optional.empty(), Optional.empty());

  public SlotMovePolicy {
    if (parallelism < 1 || maxPauseMillis < 1) {
      throw new IllegalArgumentException(parallelism + " moves, " + maxPauseMillis + " ms");
    }
  }

  public SlotMovePolicy withBlocker(Blocker newBlocker) {
    return new SlotMovePolicy(
        parallelism, maxPauseMillis, byMemory, asked, Optional.of(newBlocker));
  }
}
