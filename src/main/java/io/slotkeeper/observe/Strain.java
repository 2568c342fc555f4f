package io.slotkeeper.observe;

import java.time.Duration;

/**
 * What the servers bear.
 *
 * @param look how long they took to answer, all at once: the slowest one
 * @param alarm for how long some that own slots have been said to fail, by servers that answer;
 *     zero where none are
 */
public record Strain(Duration look, Duration alarm) {
  public static final Strain NONE = new Strain(Duration.ZERO, Duration.ZERO);
}
