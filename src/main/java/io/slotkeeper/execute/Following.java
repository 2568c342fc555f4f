package io.slotkeeper.execute;

import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.RedisNode;

/** Makes a server a replica of the primary. */
final class Following {

  private Following() {}

  /**
   * Clients of a former primary would get an error for each write until they connect again, so
   * their connections are closed.
   *
   * @param port of the primary, for replicas
   */
  static void follow(RedisNode node, ServerRef primary, int port) {
    boolean wasMaster = node.look().isMaster();
    node.follow(primary.ip(), port);
    if (wasMaster) {
      node.closeClients();
    }
  }
}
