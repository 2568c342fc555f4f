package io.slotkeeper.redis.migration;

import java.time.Duration;

/**
 * How far a move is, after one step of it.
 *
 * @param slotsMoved by this step; an atomic move reports them when all change hands at once
 * @param slotsLeft of the whole move
 * @param keysMoved by this step; 0 where the servers do it by themselves
 * @param longestPause in which the source served no other client, at most
 * @param message what it waits for, or why it failed; "" when there is nothing to report
 */
public record MigrationProgress(
    State state,
    int slotsMoved,
    int slotsLeft,
    long keysMoved,
    Duration longestPause,
    String message) {

  /** What is to be done now. */
  public enum State {
    /** The next step can be taken at once. */
    RUNNING,
    /** The next step makes sense after a while: see the message. */
    WAITING,
    FINISHED,
    /**
     * Something is wrong: see the message. Nothing is lost, and the next step tries again; slots
     * may have been left open.
     */
    FAILED
  }
}
