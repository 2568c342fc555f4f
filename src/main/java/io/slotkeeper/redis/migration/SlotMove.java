package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;

/**
 * Slots that are to go from one master to another. Those that are there already count as moved.
 *
 * @param others the other masters; they are sent the new owner, so that they redirect clients to it
 */
public record SlotMove(
    MigrationEndpoint source,
    MigrationEndpoint destination,
    List<MigrationEndpoint> others,
    SlotSet slots) {
  public SlotMove {
    others = List.copyOf(others);
    if (source.id().equals(destination.id())) {
      throw new IllegalArgumentException("a move from " + source + " to itself");
    }
  }
}
