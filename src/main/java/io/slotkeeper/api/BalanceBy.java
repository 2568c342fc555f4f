package io.slotkeeper.api;

/** What is balanced between shards. */
public enum BalanceBy {
  /** Slots, to within one. */
  Slots,
  /** Used memory, approximately: as closely as whole slots allow. */
  Memory
}
