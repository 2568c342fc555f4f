package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.UserCommands;
import java.time.Duration;
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

  /**
   * The same server over one connection, the one that the first call uses: calls fail where that
   * has been closed since. So a command reaches the process that answered before it, however long
   * ago. What {@link #slots} returns is not held to it.
   */
  RedisNode held();

  /**
   * Asks for everything the operator decides from, pipelined: one round trip, with cluster support
   * or without.
   */
  NodeSnapshot look();

  /** The slot of a random key of database 0 ({@code RANDOMKEY}); null where there is none. */
  @Nullable Integer sampleSlot();

  /** {@code CLUSTER MYID}; the id of its run where it has no cluster support. */
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

  /**
   * {@code REPLICAOF host port}: makes it a replica, which drops its own data once the other sends
   * some. Returning only means that it will connect. Refused in cluster mode.
   */
  void follow(String host, int port);

  /** {@code REPLICAOF NO ONE}: makes it a master with the data it has. Refused in cluster mode. */
  void lead();

  /**
   * {@code FAILOVER TO host port TIMEOUT}, sent to a master: it takes no more writes until that
   * replica has all of them, and becomes its replica then. Returning only means that it was
   * accepted. No acknowledged write is lost. Refused in cluster mode.
   *
   * @param longest how long writes may wait for the replica; then the master goes on as before.
   *     Once it has become a replica, it waits for the other without a limit
   */
  void handOver(String host, int port, Duration longest);

  /**
   * {@code FAILOVER ABORT}: ends a handover that has not ended, and it is the master again. Until
   * then it refuses {@link #follow} and {@link #lead}. The other may have become a master already:
   * then there are two.
   */
  void abortHandOver();

  /**
   * {@code CLIENT KILL}: closes the connections of all clients, except the one it is sent over, for
   * them to connect to another server. Those of replicas and of its master stay.
   */
  void closeClients();

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

  /** The commands that change its password. */
  PasswordCommands passwords();

  /** The commands about its users. */
  UserCommands users();

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
