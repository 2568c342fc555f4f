package io.slotkeeper.redis.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The answers of one server in one round trip.
 *
 * @param table {@code CLUSTER NODES}
 * @param stateOk {@code cluster_state:ok} of {@code CLUSTER INFO}
 * @param currentEpoch the greatest epoch this server has heard of
 * @param keys in all databases ({@code INFO keyspace}; {@code DBSIZE} counts one, and a Valkey 9
 *     cluster may have several)
 * @param engine the server software
 * @param version of the engine, like "7.0.15" ({@code redis_version}; {@code valkey_version} where
 *     there is one)
 * @param usedMemory bytes ({@code used_memory})
 * @param maxMemory the limit of it, in bytes; 0 for none
 * @param databases how many it may have ({@code cluster-databases} of Valkey 9, else 1)
 * @param nodeTimeoutMillis the {@code cluster-node-timeout} in force
 * @param replication the server's own view of its replication
 * @param diskError what it last failed to write to its disk, as {@code INFO} names it; null where
 *     all is well
 * @param sampleSlot the slot of one of its keys, where it was asked for one and has any
 */
public record NodeSnapshot(
    ClusterTable table,
    boolean stateOk,
    long currentEpoch,
    long keys,
    Engine engine,
    String version,
    long usedMemory,
    long maxMemory,
    int databases,
    long nodeTimeoutMillis,
    Replication replication,
    @Nullable String diskError,
    @Nullable Integer sampleSlot) {

  public NodeSnapshot(
      ClusterTable table,
      boolean stateOk,
      long currentEpoch,
      long keys,
      Engine engine,
      String version,
      long usedMemory,
      long maxMemory,
      int databases,
      long nodeTimeoutMillis,
      Replication replication) {
    this(
        table,
        stateOk,
        currentEpoch,
        keys,
        engine,
        version,
        usedMemory,
        maxMemory,
        databases,
        nodeTimeoutMillis,
        replication,
        null,
        null);
  }

  public NodeSnapshot withDiskError(@Nullable String error) {
    return new NodeSnapshot(
        table,
        stateOk,
        currentEpoch,
        keys,
        engine,
        version,
        usedMemory,
        maxMemory,
        databases,
        nodeTimeoutMillis,
        replication,
        error,
        sampleSlot);
  }

  public NodeSnapshot withSampleSlot(@Nullable Integer slot) {
    return new NodeSnapshot(
        table,
        stateOk,
        currentEpoch,
        keys,
        engine,
        version,
        usedMemory,
        maxMemory,
        databases,
        nodeTimeoutMillis,
        replication,
        diskError,
        slot);
  }

  /** The two that speak this protocol. */
  public enum Engine {
    REDIS,
    VALKEY
  }

  /**
   * {@code INFO replication}.
   *
   * @param master false for a replica
   * @param masterHost the address that a replica follows, null for a master
   * @param linkUp {@code master_link_status:up}; true for a master
   * @param syncing a full or partial sync is under way, or the replica has never had one
   * @param linkDownSeconds {@code master_link_down_since_seconds}: how long the link has been down;
   *     -1 where it is up, or has never been up since the server started
   * @param offset {@code master_repl_offset} of a master, {@code slave_repl_offset} of a replica,
   *     in bytes
   * @param replicationId {@code master_replid}: offsets compare only within one
   */
  public record Replication(
      boolean master,
      @Nullable String masterHost,
      boolean linkUp,
      boolean syncing,
      long linkDownSeconds,
      long offset,
      String replicationId) {

    /** A replica's link is up, or has been since the server started. */
    public boolean wasLinked() {
      return linkUp || linkDownSeconds >= 0;
    }
  }

  public NodeId id() {
    return table.myself().id();
  }

  /** Knows no other node, owns no slot, holds no key: like a server at its first start. */
  public boolean isBlank() {
    return table.nodes().size() == 1 && table.myself().slots().isEmpty() && keys == 0;
  }
}
