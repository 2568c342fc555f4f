package io.slotkeeper.api;

/** One word about a backup. */
public enum BackupPhase {
  Pending,
  Running,
  Completed,
  Failed
}
