package io.slotkeeper.redis.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one server in one round trip.
 *
 * @param server what every server has
 * @param cluster what only a server in cluster mode has; null without cluster support
 */
public record NodeSnapshot(Server server, @Nullable Cluster cluster) {

  /**
   * What every server has.
   *
   * @param runId of the process, 40 hexadecimal digits: another after each start ({@code run_id})
   * @param keys in all databases ({@code INFO keyspace}; {@code DBSIZE} counts one, and a Valkey 9
   *     cluster may have several)
   * @param engine the server software
   * @param version of the engine, like "7.0.15" ({@code redis_version}; {@code valkey_version}
   *     where there is one)
   * @param usedMemory bytes ({@code used_memory})
   * @param maxMemory the limit of it, in bytes; 0 for none
   * @param databases how many it may have: {@code databases}; in cluster mode {@code
   *     cluster-databases} of Valkey 9, else 1
   * @param replication the server's own view of its replication
   * @param diskError what it last failed to write to its disk, as {@code INFO} names it; null where
   *     all is well
   * @param appendOnly it keeps its data in an AOF ({@code aof_enabled}): once it has started again,
   *     its offset and replication id say nothing about its data
   */
  public record Server(
      String runId,
      long keys,
      Engine engine,
      String version,
      long usedMemory,
      long maxMemory,
      int databases,
      Replication replication,
      @Nullable String diskError,
      boolean appendOnly) {

    /** Without an AOF. */
    public Server(
        String runId,
        long keys,
        Engine engine,
        String version,
        long usedMemory,
        long maxMemory,
        int databases,
        Replication replication,
        @Nullable String diskError) {
      this(
          runId,
          keys,
          engine,
          version,
          usedMemory,
          maxMemory,
          databases,
          replication,
          diskError,
          false);
    }
  }

  /**
   * What a server in cluster mode has as well.
   *
   * @param table {@code CLUSTER NODES}
   * @param stateOk {@code cluster_state:ok} of {@code CLUSTER INFO}
   * @param currentEpoch the greatest epoch this server has heard of
   * @param nodeTimeoutMillis the {@code cluster-node-timeout} in force
   * @param sampleSlot the slot of one of its keys, where it was asked for one and has any
   */
  public record Cluster(
      ClusterTable table,
      boolean stateOk,
      long currentEpoch,
      long nodeTimeoutMillis,
      @Nullable Integer sampleSlot) {}

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
   * @param masterPort the port that a replica follows, 0 for a master
   * @param linkUp {@code master_link_status:up}; true for a master
   * @param syncing a full or partial sync is under way, or the replica has never had one
   * @param linkDownSeconds {@code master_link_down_since_seconds}: how long the link has been down;
   *     -1 where it is up, or has never been up since the server started
   * @param offset {@code master_repl_offset} of a master, {@code slave_repl_offset} of a replica,
   *     in bytes
   * @param replicationId {@code master_replid}: offsets compare only within one
   * @param secondReplicationId {@code master_replid2}: what {@code replicationId} was before it
   *     became a master; null where it has none
   * @param secondOffset {@code second_repl_offset}: the first that is not of the second id any
   *     more; -1 where there is none
   * @param failingOver a {@code FAILOVER} that it was sent has not ended ({@code
   *     master_failover_state})
   * @param replicas those that it sends its data to ({@code slave0} and so on), as it sees them
   */
  public record Replication(
      boolean master,
      @Nullable String masterHost,
      int masterPort,
      boolean linkUp,
      boolean syncing,
      long linkDownSeconds,
      long offset,
      String replicationId,
      @Nullable String secondReplicationId,
      long secondOffset,
      boolean failingOver,
      List<Copy> replicas) {

    private static final long SILENT_SECONDS = 2;

    public Replication {
      replicas = List.copyOf(replicas);
    }

    /** Without replicas. */
    public Replication(
        boolean master,
        @Nullable String masterHost,
        int masterPort,
        boolean linkUp,
        boolean syncing,
        long linkDownSeconds,
        long offset,
        String replicationId,
        @Nullable String secondReplicationId,
        long secondOffset,
        boolean failingOver) {
      this(
          master,
          masterHost,
          masterPort,
          linkUp,
          syncing,
          linkDownSeconds,
          offset,
          replicationId,
          secondReplicationId,
          secondOffset,
          failingOver,
          List.of());
    }

    /** The same with these replicas. */
    public Replication withReplicas(List<Copy> listed) {
      return new Replication(
          master,
          masterHost,
          masterPort,
          linkUp,
          syncing,
          linkDownSeconds,
          offset,
          replicationId,
          secondReplicationId,
          secondOffset,
          failingOver,
          listed);
    }

    /**
     * What it lists of the replica at this address, and where there are several of the one that it
     * last heard of: the others ended without a word. Null where none is online.
     */
    @Nullable Copy replicaAt(String ip, IntPredicate port) {
      return replicas.stream()
          .filter(copy -> copy.ip().equals(ip) && port.test(copy.port()))
          .filter(Copy::online)
          .min(Comparator.comparingLong(Copy::lagSeconds))
          .orElse(null);
    }

    /**
     * It has heard within the last moments how far the replica at this address is, which has all
     * that it is sent. A replica says that every second.
     */
    public boolean hears(String ip, IntPredicate port) {
      Copy copy = replicaAt(ip, port);
      return copy != null && copy.lagSeconds() <= SILENT_SECONDS;
    }

    /** A replica's link is up, or has been since the server started. */
    public boolean wasLinked() {
      return linkUp || linkDownSeconds >= 0;
    }
  }

  /**
   * A replica, as the server sees it that it follows.
   *
   * @param ip the address that the replica announces
   * @param online it has got all data once, and is sent each write ({@code state=online})
   * @param offset how far it has said that it is, in bytes
   * @param lagSeconds since when it has said nothing; it does so every second
   */
  public record Copy(String ip, int port, boolean online, long offset, long lagSeconds) {}

  /** The node's id in a cluster; without cluster support a server has none but that of its run. */
  public NodeId id() {
    return cluster == null ? new NodeId(server.runId()) : cluster.table().myself().id();
  }

  public boolean isCluster() {
    return cluster != null;
  }

  /** As it says itself. */
  public boolean isMaster() {
    return cluster == null ? server.replication().master() : cluster.table().myself().isMaster();
  }

  public String runId() {
    return server.runId();
  }

  public long keys() {
    return server.keys();
  }

  public Engine engine() {
    return server.engine();
  }

  public String version() {
    return server.version();
  }

  public long usedMemory() {
    return server.usedMemory();
  }

  public long maxMemory() {
    return server.maxMemory();
  }

  public int databases() {
    return server.databases();
  }

  public Replication replication() {
    return server.replication();
  }

  public @Nullable String diskError() {
    return server.diskError();
  }

  public boolean appendOnly() {
    return server.appendOnly();
  }

  /**
   * @throws IllegalStateException where there is no cluster support, as for all that follow
   */
  public ClusterTable table() {
    return clustered().table();
  }

  public boolean stateOk() {
    return clustered().stateOk();
  }

  public long currentEpoch() {
    return clustered().currentEpoch();
  }

  public long nodeTimeoutMillis() {
    return clustered().nodeTimeoutMillis();
  }

  public @Nullable Integer sampleSlot() {
    return clustered().sampleSlot();
  }

  /** Knows no other node, owns no slot, holds no key: like a server at its first start. */
  public boolean isBlank() {
    return table().nodes().size() == 1 && table().myself().slots().isEmpty() && keys() == 0;
  }

  public NodeSnapshot withSampleSlot(@Nullable Integer slot) {
    Cluster seen = clustered();
    return new NodeSnapshot(
        server,
        new Cluster(
            seen.table(), seen.stateOk(), seen.currentEpoch(), seen.nodeTimeoutMillis(), slot));
  }

  private Cluster clustered() {
    if (cluster == null) {
      throw new IllegalStateException("a server without cluster support");
    }
    return cluster;
  }
}
