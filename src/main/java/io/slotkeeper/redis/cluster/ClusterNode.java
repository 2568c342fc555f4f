package io.slotkeeper.redis.cluster;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code CLUSTER NODES}: what the asked server believes about a node.
 *
 * @param address null where the server has none (flag {@code noaddr}, or its own before it knew)
 * @param master the one this node replicates, null for a master
 * @param linked the link object exists; says nothing about whether it works
 * @param slots the slots the node owns; always empty for a replica
 * @param migrating slots being moved away, and where to; only on the server's own line
 * @param importing slots being moved in, and from where; only on the server's own line
 */
public record ClusterNode(
    NodeId id,
    @Nullable NodeAddress address,
    Set<Flag> flags,
    @Nullable NodeId master,
    long configEpoch,
    boolean linked,
    SlotSet slots,
    Map<Integer, NodeId> migrating,
    Map<Integer, NodeId> importing) {

  /** The flags of {@code clusterGenNodeDescription} (cluster_legacy.c). */
  public enum Flag {
    MYSELF,
    MASTER,
    REPLICA,
    /** Suspected by the asked server alone ({@code fail?}). */
    PFAIL,
    FAIL,
    HANDSHAKE,
    NOADDR,
    NOFAILOVER
  }

  public ClusterNode {
    flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
    migrating = Map.copyOf(migrating);
    importing = Map.copyOf(importing);
  }

  public boolean is(Flag flag) {
    return flags.contains(flag);
  }

  public boolean isMaster() {
    return is(Flag.MASTER);
  }

  /** Suspected or known to be failing. */
  public boolean isFailing() {
    return is(Flag.PFAIL) || is(Flag.FAIL);
  }

  /** Slots of this node are being moved. */
  public boolean hasOpenSlots() {
    return !migrating.isEmpty() || !importing.isEmpty();
  }
}
