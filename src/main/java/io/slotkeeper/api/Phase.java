package io.slotkeeper.api;

/** One word for people; machines read the conditions. */
public enum Phase {
  Creating,
  Running,
  Updating,
  Scaling,
  Healing,
  Halting,
  Halted,
  Deleting,
  Failed
}
