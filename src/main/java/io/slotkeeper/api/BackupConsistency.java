package io.slotkeeper.api;

/** What the shards of a backup have in common. */
public enum BackupConsistency {
  /** One moment: no shard has a write that is later than one which another shard lacks. */
  Cluster,
  /** Nothing: each shard is consistent by itself. */
  Shard
}
