package io.slotkeeper.model;

/** How soon to look again if no event comes first. */
public enum RequeuePace {
  /** Something was just done or is settling: at once, then less and less often. */
  EAGER,
  /** Something is expected to happen that gives no event. */
  WAITING,
  /** All is well. */
  RESTING
}
