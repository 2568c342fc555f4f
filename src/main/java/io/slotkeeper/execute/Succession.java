package io.slotkeeper.execute;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.resources.Ports;
import java.util.Optional;

/**
 * Whether one server can take the place of another and no data is lost. Answers are reasons against
 * it.
 */
final class Succession {
  /** Bytes: what a replica catches up with in well under the 5 s that its master waits for it. */
  private static final long MOST_LAG = 16 << 20;

  private Succession() {}

  static Optional<String> whyNotYielding(NodeSnapshot master) {
    if (!master.table().myself().isMaster() || master.table().myself().slots().isEmpty()) {
      return Optional.of("it is not a master with slots any more");
    }
    return trouble(master);
  }

  static Optional<String> trouble(NodeSnapshot master) {
    if (!master.isCluster()) {
      return master.replication().failingOver()
          ? Optional.of("the primary is handing over")
          : Optional.empty();
    }
    if (master.table().myself().hasOpenSlots()) {
      return Optional.of("slots of the master are on the move");
    }
    boolean trouble =
        !master.stateOk() || master.table().nodes().stream().anyMatch(ClusterNode::isFailing);
    return trouble ? Optional.of("the master misses other nodes") : Optional.empty();
  }

  static Optional<String> whyNotSucceeding(NodeSnapshot replica, NodeSnapshot master) {
    boolean follows =
        master.isCluster()
            ? master.id().equals(replica.table().myself().master())
            : !replica.isMaster() && isSameHistory(replica, master);
    return follows
        ? whyNotAsFar(replica, master)
        : Optional.of("it is not a replica of that master any more");
  }

  /** A replica cannot tell that its link was cut silently; servers of a cluster see each other. */
  static Optional<String> whyNotHeard(NodeSnapshot master, String replica) {
    return master.isCluster() || master.replication().hears(replica, Ports::isOfServer)
        ? Optional.empty()
        : Optional.of("the primary does not hear of the replica");
  }

  /** One follows the other, or both the same master. */
  static boolean isSameHistory(NodeSnapshot one, NodeSnapshot other) {
    return one.replication().replicationId().equals(other.replication().replicationId());
  }

  /** A replica has all data of another server except for the last moment. */
  static Optional<String> whyNotAsFar(NodeSnapshot replica, NodeSnapshot other) {
    boolean inSync =
        replica.replication().linkUp()
            && !replica.replication().syncing()
            && other.replication().offset() - replica.replication().offset() <= MOST_LAG;
    return inSync ? Optional.empty() : Optional.of("the replica is not in sync");
  }
}
