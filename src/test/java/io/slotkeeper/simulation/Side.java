package io.slotkeeper.simulation;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.util.Collection;

/** Some servers, of the model or real ones, by their number. */
interface Side {

  /** What a server keeps that is stopped and started again. */
  enum Kept {
    ALL,
    /** Its name and what it knows, but no keys. */
    NODES_CONF,
    NOTHING
  }

  RedisNode node(int server);

  NodeAddress address(int server);

  Endpoint endpoint(int server);

  /** SIGKILL. */
  void kill(int server);

  /**
   * Starts one that was killed.
   *
   * @param elsewhere at another address
   */
  void start(int server, Kept kept, boolean elsewhere);

  /** The one key of a slot. */
  Key key(int slot);

  /**
   * A client writes the key of a slot there.
   *
   * @param version of what is written: at least 1
   * @param asking it was sent there by ASK, and says so
   * @return what the server says
   */
  String write(int server, int slot, int version, boolean asking);

  /** A client reads it: the version, or what the server says else. */
  String read(int server, int slot, boolean asking);

  /** What a server has of the key of a slot, whichever server owns the slot; 0 for nothing. */
  int version(int server, int slot);

  /** Lets a moment pass. */
  void pause();

  /**
   * Each of some servers tells each other what it says now, however rarely they ping each other.
   */
  default void mingle(Collection<Integer> servers) {
    for (int from : servers) {
      for (int to : servers) {
        if (from != to) {
          node(from).meet(address(to));
        }
      }
    }
    for (int server : servers) {
      while (isGreeting(server)) {
        pause();
      }
    }
  }

  /** Until the other one has answered, a node that is met has another name. */
  private boolean isGreeting(int server) {
    return node(server).look().table().nodes().stream().anyMatch(Side::isGreeted);
  }

  private static boolean isGreeted(ClusterNode node) {
    return node.is(Flag.HANDSHAKE);
  }
}
