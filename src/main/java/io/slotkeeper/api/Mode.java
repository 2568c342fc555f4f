package io.slotkeeper.api;

/** How the servers of one resource form one service. */
public enum Mode {
  /** Redis Cluster: shards that share the 16384 slots, each with a master and its replicas. */
  Cluster
}
