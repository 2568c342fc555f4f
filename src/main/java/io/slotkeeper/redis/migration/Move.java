package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.SlotSet;
import java.util.List;

/**
 * Slots that are to go from one master to another. Those that are there already count as moved.
 *
 * @param others the other masters; they are told, so that they redirect clients to the right one
 */
public record Move(Party source, Party destination, List<Party> others, SlotSet slots) {
  public Move {
    others = List.copyOf(others);
    if (source.id().equals(destination.id())) {
      throw new IllegalArgumentException("a move from " + source + " to itself");
    }
  }
}
