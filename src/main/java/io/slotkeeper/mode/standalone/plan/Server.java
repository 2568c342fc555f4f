package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.resources.Ports;

/** A server that answered, and its pod. Its id is that of the process. */
record Server(Member member, NodeSnapshot snapshot) {
  /** Bytes: what a replica catches up with in a moment. */
  private static final long MOST_LAG = 16 << 20;

  PodState pod() {
    return member.pod();
  }

  NodeId id() {
    return snapshot.id();
  }

  NodeSnapshot.Replication link() {
    return snapshot.replication();
  }

  boolean isMaster() {
    return link().master();
  }

  boolean hasKeys() {
    return snapshot.keys() > 0;
  }

  boolean isSame(Server other) {
    return pod().uid().equals(other.pod().uid());
  }

  boolean follows(Server other) {
    return other.pod().ip() != null && followsAddress(other.pod().ip());
  }

  /** It is a replica of what is or was there. */
  boolean followsAddress(String ip) {
    return !isMaster() && ip.equals(link().masterHost()) && Ports.isOfServer(link().masterPort());
  }

  /**
   * Follows it, and has everything that was sent up to now or is about to get it. Both say so: a
   * link that was cut silently is up for either of them until it times out.
   */
  boolean inSyncWith(Server primary) {
    return follows(primary)
        && link().linkUp()
        && !link().syncing()
        && primary.link().hears(String.valueOf(pod().ip()), Ports::isOfServer)
        && primary.link().offset() - link().offset() <= MOST_LAG;
  }

  /** Has been linked to a primary since it started: what it has is not from its disk. */
  boolean isLiveCopy() {
    return !isMaster() && link().wasLinked() && !link().syncing();
  }

  /** What it loaded says how far it is in which history: otherwise INFO has an offset of 0 or 1. */
  boolean hasHistory() {
    return link().offset() > 1;
  }

  ServerRef ref() {
    return ServerRef.of(member, snapshot);
  }
}
