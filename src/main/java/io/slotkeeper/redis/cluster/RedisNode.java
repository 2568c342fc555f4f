package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.ServerConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One server, sent commands directly: no redirection is followed. Every call ends within the
 * deadline it was made with.
 *
 * <p>All methods throw {@code RedisUnavailableException} where the server could not be asked, and
 * {@code RedisErrorException} where it answered with an error. After a timeout a command may or may
 * not have been executed.
 */
public interface RedisNode {

  /** Asks for everything the operator decides from, pipelined: one round trip. */
  NodeSnapshot look();

  /** The slot of a random key of database 0 ({@code RANDOMKEY}); null where there is none. */
  @Nullable Integer sampleSlot();

  /** {@code CLUSTER MYID}. */
  NodeId myId();

  /**
   * {@code CLUSTER MEET ip port busPort}; between nodes that know each other: "push your state".
   */
  void meet(NodeAddress target);

  /** {@code CLUSTER SET-CONFIG-EPOCH}: only while the server knows no other and its epoch is 0. */
  void setConfigEpoch(long epoch);

  /**
   * {@code CLUSTER BUMPEPOCH}: gives it a config epoch greater than all that it knows of, without a
   * vote, unless it has that already.
   */
  void bumpEpoch();

  /**
   * {@code CLUSTER RESET HARD}: it forgets all other nodes, and becomes a master with a new id. A
   * master with keys refuses it; a replica deletes its copy.
   */
  void reset();

  /** {@code CLUSTER ADDSLOTSRANGE}: the slots must have no owner in this server's table. */
  void addSlots(SlotSet slots);

  /** {@code CLUSTER REPLICATE}: makes it a replica of a master it knows. */
  void replicate(NodeId master);

  /** {@code CLUSTER FORGET}: drops the id, and refuses to learn it again for 60 seconds. */
  void forget(NodeId id);

  /** {@code CLUSTER FAILOVER}, sent to a replica. Returning only means that it was accepted. */
  void failover(FailoverMode mode);

  /** {@code CONFIG SET} of all pairs at once; the change is not persisted by the server. */
  void setConfig(Map<String, String> settings);

  /** {@code CONFIG GET} of each name; names the server does not have are absent. */
  Map<String, String> getConfig(Iterable<String> names);

  /** How it keeps its data. */
  Persistence persistence();

  /** {@code BGSAVE}. Returning only means that the snapshot has begun. */
  void snapshot();

  /** Like {@code getConfig}, with the identity of the process that has the settings. */
  ServerConfig serverConfig(Iterable<String> names);

  /** {@code FUNCTION DUMP}: the function libraries, which no slot migration takes along. */
  Functions functions();

  /** {@code FUNCTION RESTORE … REPLACE}: adds libraries; those with the same names are replaced. */
  void addFunctions(Functions functions);

  /** The commands that move slots. */
  SlotCommands slots();

  /** The three ways of {@code CLUSTER FAILOVER} (redis.io/commands/cluster-failover). */
  enum FailoverMode {
    /** With the master's cooperation: no acknowledged write is lost. */
    GRACEFUL,
    /** Without the master, by vote of the majority of masters. */
    FORCE,
    /** Without a vote: the last resort when the majority is lost. */
    TAKEOVER
  }
}
