package io.slotkeeper.plan;

import io.slotkeeper.model.Blocker;
import java.util.List;
import java.util.Optional;

/**
 * What is left to do until the cluster has its wanted size.
 *
 * @param slots still to be moved; -1 where that is unknown now
 * @param keys in these slots, about
 * @param sweeping all slots are where they belong; what an interruption may have left elsewhere is
 *     still to be looked for
 * @param shares how many slots each shard is to have, where that was measured just now; empty
 *     otherwise
 * @param leavingPods pods that are to go
 * @param blocker what keeps it from continuing
 */
public record Resharding(
    int slots,
    long keys,
    boolean sweeping,
    List<Integer> shares,
    int leavingPods,
    Optional<Blocker> blocker) {

  /** Slots are moving or about to. */
  public boolean movesSlots() {
    return slots != 0 || sweeping;
  }

  /** The number of slots left is unknown now. */
  public boolean isUnknown() {
    return slots < 0;
  }
}
