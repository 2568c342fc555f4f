package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeAddress;
import io.slotkeeper.redis.RedisNode;

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

  /** SIGKILL. */
  void kill(int server);

  /**
   * Starts one that was killed.
   *
   * @param elsewhere at another address
   */
  void start(int server, Kept kept, boolean elsewhere);

  /** A client writes a key of this slot there; false where it is refused. */
  boolean write(int server, int slot);

  /** Lets a moment pass. */
  void pause();
}
