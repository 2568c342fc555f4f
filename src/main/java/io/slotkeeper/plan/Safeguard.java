package io.slotkeeper.plan;

import io.slotkeeper.redis.cluster.NodeId;
import org.jspecify.annotations.Nullable;

/** Why no data is lost when a pod is deleted. It is proven again right before the deletion. */
public sealed interface Safeguard {

  /**
   * Another server of the shard has all of its data, and stays.
   *
   * @param copy that server
   * @param id of the node in the pod; null where none was ever proven
   */
  record InSync(ServerRef copy, @Nullable NodeId id) implements Safeguard {}

  /** The data is on the pod's volume, and its claim stays. */
  record OnClaim() implements Safeguard {}

  /** The pod has no data: its server never ran, or never had anything to do with this Redis. */
  record NeverUsed() implements Safeguard {}
}
