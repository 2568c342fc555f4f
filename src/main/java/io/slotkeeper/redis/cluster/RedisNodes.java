package io.slotkeeper.redis.cluster;

import io.slotkeeper.redis.Trust;
import org.jspecify.annotations.Nullable;

/** Access to servers: real ones over the network, or those of a simulation. */
public interface RedisNodes {

  /** A handle on the server at an endpoint; connects when it is first used. */
  RedisNode at(Endpoint endpoint);

  /**
   * Where a server is and how to log in.
   *
   * @param owner whose address it is (a pod's UID): the same address under another owner is another
   *     server
   * @param password null where authentication is off; never printed
   * @param trust null where the connection is not encrypted
   */
  record Endpoint(
      String owner, String ip, int port, @Nullable String password, @Nullable Trust trust) {

    /** Without encryption. */
    public Endpoint(String owner, String ip, int port, @Nullable String password) {
      this(owner, ip, port, password, null);
    }

    @Override
    public String toString() {
      return ip + ":" + port;
    }
  }
}
