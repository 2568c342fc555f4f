package io.slotkeeper.redis.sentinel;

import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;

/** Access to Sentinels: real ones over the network, or those of a simulation. */
@FunctionalInterface
public interface SentinelNodes {

  /** A handle on the Sentinel at an endpoint; connects when it is first used. */
  SentinelNode at(Endpoint endpoint);
}
