package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one server believes of a node (cluster.h: clusterNode). Times are virtual milliseconds. */
final class Line {
  static final long NEVER = -1;

  NodeId id;
  @Nullable String ip;
  boolean master = true;
  @Nullable NodeId replicaOf;
  long epoch;
  SlotSet slots = SlotSet.NONE;
  boolean pfail;
  boolean fail;
  boolean noAddress;

  /** The id is a random placeholder until the other has sent its own. */
  boolean handshake;

  /** The next packet is a MEET. */
  boolean meet;

  long createdAt;
  long failedAt;
  long pongAt;

  /** Since when a ping is unanswered. */
  long silentSince = NEVER;

  long votedAt = -1_000_000;

  /** The replication offset of its last packet. */
  long offset;

  /** The process that the connection leads to. */
  @Nullable Server link;

  final Map<NodeId, Long> reports = new HashMap<>();

  Line(NodeId id, @Nullable String ip, long now) {
    this.id = id;
    this.ip = ip;
    createdAt = now;
    pongAt = now;
  }

  /** As nodes.conf keeps it. */
  Line persisted(long now) {
    Line copy = new Line(id, ip, now);
    copy.master = master;
    copy.replicaOf = replicaOf;
    copy.epoch = epoch;
    copy.slots = slots;
    copy.fail = fail;
    copy.failedAt = now;
    copy.noAddress = noAddress;
    return copy;
  }

  boolean failing() {
    return pfail || fail;
  }

  boolean votes() {
    return master && !slots.isEmpty();
  }

  void becomeMaster() {
    master = true;
    replicaOf = null;
  }

  void becomeReplica(@Nullable NodeId of) {
    master = false;
    replicaOf = of;
    slots = SlotSet.NONE;
  }

  /**
   * @param self the server whose own line this is; null for all others
   */
  ClusterNode told(@Nullable Server self) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if (self != null) {
      flags.add(Flag.MYSELF);
    }
    if (!handshake) {
      flags.add(master ? Flag.MASTER : Flag.REPLICA);
    }
    if (handshake) {
      flags.add(Flag.HANDSHAKE);
    }
    if (pfail) {
      flags.add(Flag.PFAIL);
    }
    if (fail) {
      flags.add(Flag.FAIL);
    }
    if (noAddress) {
      flags.add(Flag.NOADDR);
    }
    NodeAddress address = ip == null ? null : new NodeAddress(ip, 6379, 16379);
    return new ClusterNode(
        id,
        address,
        flags,
        replicaOf,
        epoch,
        link != null,
        slots,
        self == null ? Map.of() : self.migrating,
        self == null ? Map.of() : self.shownImporting());
  }

  @Override
  public String toString() {
    return "%s %s %s%s%s%s%s epoch %d %s"
        .formatted(
            id.brief(),
            ip,
            master ? "master" : "replica of " + (replicaOf == null ? "?" : replicaOf.brief()),
            pfail ? " fail?" : "",
            fail ? " fail" : "",
            handshake ? " handshake" : "",
            noAddress ? " noaddr" : "",
            epoch,
            slots);
  }
}
