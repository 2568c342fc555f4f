package io.slotkeeper.model;

import java.time.Duration;

/**
 * What the servers bear.
 *
 * @param responseTime how long they took to answer, all at once: the slowest one
 * @param failureReported for how long some that own slots have been said to fail, by servers that
 *     answer; zero where none are
 */
public record ServerLoad(Duration responseTime, Duration failureReported) {
  public static final ServerLoad NONE = new ServerLoad(Duration.ZERO, Duration.ZERO);
}
