package io.slotkeeper.model;

import java.time.Duration;

/**
 * The load of the servers.
 *
 * @param responseTime how long they took to answer, all at once: the slowest one
 * @param failureReported how long servers that answer have been reporting slot owners as failing;
 *     zero where none are
 */
public record ServerLoad(Duration responseTime, Duration failureReported) {
  public static final ServerLoad NONE = new ServerLoad(Duration.ZERO, Duration.ZERO);
}
