package io.slotkeeper.observe;

import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a slot migration.
 *
 * @param underWay it was under way in the last pass, and continues until each shard has its share
 * @param shares how many slots each shard is to have, by its number, where that was measured when
 *     the migration began; empty otherwise
 * @param lastAsked the user's last fulfilled request to balance everything
 */
public record RebalanceState(boolean underWay, List<Integer> shares, Optional<String> lastAsked) {

  public static final RebalanceState NONE = new RebalanceState(false, List.of(), Optional.empty());

  /** The user requests a rebalance with it: each new value is a new request. */
  public static final String ANNOTATION = "slotkeeper.io/rebalance";

  public RebalanceState {
    shares = List.copyOf(shares);
  }
}
