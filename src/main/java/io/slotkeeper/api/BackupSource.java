package io.slotkeeper.api;

/** Which server of a shard is read. */
public enum BackupSource {
  /** A replica that is in sync, else the master. */
  PreferReplica,
  Master
}
