package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server that answered: its pod, its answer, and its table by id.
 *
 * @param self its own line: the truth about its role and slots, as far as it knows
 */
record Peer(
    Member member, NodeSnapshot snapshot, Map<NodeId, ClusterNode> table, ClusterNode self) {

  static Peer of(Member member, NodeSnapshot snapshot) {
    // The id of a handshake is a random placeholder, not a known node.
    return new Peer(
        member,
        snapshot,
        snapshot.table().nodes().stream()
            .filter(node -> !node.is(ClusterNode.Flag.HANDSHAKE))
            .collect(Collectors.toMap(ClusterNode::id, Function.identity(), (a, b) -> a)),
        snapshot.table().myself());
  }

  NodeId id() {
    return self.id();
  }

  boolean isSameNode(Peer other) {
    return id().equals(other.id());
  }

  PodState pod() {
    return member.pod();
  }

  boolean isMaster() {
    return self().isMaster();
  }

  @Nullable ClusterNode viewOf(NodeId id) {
    return table.get(id);
  }

  boolean knows(NodeId id) {
    return table.containsKey(id);
  }

  /** Follows this master, and has everything that was sent up to now or is about to get it. */
  boolean inSyncWith(NodeId master) {
    return !isMaster()
        && master.equals(self().master())
        && snapshot.replication().linkUp()
        && !snapshot.replication().syncing();
  }

  ServerRef target() {
    return ServerRef.of(member, snapshot);
  }
}
