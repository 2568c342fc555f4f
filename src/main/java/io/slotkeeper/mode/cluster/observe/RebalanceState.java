package io.slotkeeper.mode.cluster.observe;

import java.util.List;
import java.util.Optional;

/**
 * What is remembered of slots on the move.
 *
 * @param underWay they were on the move at the last look, and go on until each shard has its share
 * @param shares how many slots each shard is to have, by its number, where that was measured when
 *     the move began; empty otherwise
 * @param lastAsked the user's wish to have everything even that was last fulfilled
 */
public record RebalanceState(boolean underWay, List<Integer> shares, Optional<String> lastAsked) {

  public static final RebalanceState NONE = new RebalanceState(false, List.of(), Optional.empty());

  /** By which the user asks: another value, another time. */
  public static final String ANNOTATION = "slotkeeper.io/rebalance";

  public RebalanceState {
    shares = List.copyOf(shares);
  }
}
