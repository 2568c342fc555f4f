package io.slotkeeper.redis.cluster;

import java.time.Duration;
import java.time.Instant;

/**
 * A slot migration that the servers carry out themselves, as one of them reports it.
 *
 * @param importing as seen by the destination
 * @param phase the server's own word for it, like "streaming-buffer"
 * @param message the last error; "" for none
 * @param retries how often the server has started over; 0 where it never does
 * @param began when it was created
 * @param pause how long the source refused writes; zero where it is not reported
 */
public record SlotTask(
    String id,
    SlotSet slots,
    NodeId source,
    NodeId destination,
    boolean importing,
    State state,
    String phase,
    String message,
    int retries,
    Instant began,
    Duration pause) {

  /** Whether it continues. */
  public enum State {
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
