package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;

/**
 * A master that takes part in a move.
 *
 * @param id the id that it must have when asked: an address may have changed hands
 * @param endpoint where it is, for this process and for the other masters alike
 */
public record MigrationEndpoint(NodeId id, Endpoint endpoint) {
  @Override
  public String toString() {
    return id.brief() + " at " + endpoint;
  }
}
