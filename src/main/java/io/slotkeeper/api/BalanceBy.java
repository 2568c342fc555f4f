package io.slotkeeper.api;

/** What shards have the same of. */
public enum BalanceBy {
  /** Slots, to within one. */
  Slots,
  /** Memory in use, about: as much as counting whole slots allows. */
  Memory
}
