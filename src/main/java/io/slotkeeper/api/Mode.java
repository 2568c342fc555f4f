package io.slotkeeper.api;

import java.util.Locale;

/** How the servers of one resource form one service. */
public enum Mode {
  /** Redis Cluster: shards that share the 16384 slots, each with a master and its replicas. */
  Cluster,
  /** One primary with all keys, and its replicas. */
  Standalone,
  /** The same, with Sentinels, which tell clients which server is primary, and elect one. */
  Sentinel;

  /** One primary has all keys, and the others copy it. */
  public boolean hasOnePrimary() {
    return this != Cluster;
  }

  /** The field with the size, which only this mode has: "spec.cluster". */
  public String field() {
    return "spec." + name().toLowerCase(Locale.ROOT);
  }
}
