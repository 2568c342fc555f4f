package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.Blocker;
import java.util.List;
import java.util.Optional;

/**
 * What is left to do until the cluster has its wanted size.
 *
 * @param slots still to be moved; -1 where it cannot be said now
 * @param keys in these slots, about
 * @param sweeping all slots are where they belong; what an interruption may have left elsewhere is
 *     still to be looked for
 * @param shares how many slots each shard is to have, where that was measured just now; empty
 *     otherwise
 * @param leavingPods that are to go
 * @param blocker what keeps it from going on
 */
public record Resharding(
    int slots,
    long keys,
    boolean sweeping,
    List<Integer> shares,
    int leavingPods,
    Optional<Blocker> blocker) {

  /** Slots are on the move, or about to be. */
  public boolean movesSlots() {
    return slots != 0 || sweeping;
  }

  /** It cannot be said now how many slots are left. */
  public boolean isUnknown() {
    return slots < 0;
  }
}
