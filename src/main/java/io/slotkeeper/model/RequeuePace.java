package io.slotkeeper.model;

/** How soon to look again where no event comes before. */
public enum RequeuePace {
  /** Something was just done or is settling: at once, then less and less often. */
  EAGER,
  /** Something is expected to happen that gives no event. */
  WAITING,
  /** All is well. */
  RESTING
}
