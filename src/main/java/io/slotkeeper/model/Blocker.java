package io.slotkeeper.model;

/**
 * What keeps the cluster from being brought to its wanted size for now. It serves all the same.
 *
 * @param message a sentence for the user: the cause, and what to do where the user must act
 */
public record Blocker(Kind kind, String message) {

  public enum Kind {
    /** The user asked for it. */
    PAUSED,
    /** Pods are being replaced: one change at a time. */
    UPDATING,
    /** Something is being healed first. */
    HEALING,
    /** A shard has no room for what would move there. */
    MEMORY
  }
}
