package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The node timeout: as wanted while all is well. A master that was marked failing and is back stays
 * marked for two node timeouts (cluster_legacy.c:clearNodeFailureIfNeeded), so the timeout is
 * shortened while every pod answers and some are still marked: for a bounded time, and only where
 * overload is not why they missed each other.
 */
final class NodeTimeouts {
  private static final long REPAIR_MILLIS = 1000;

  /** Marks go after two node timeouts; a shorter timeout does not fix what lasts this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private NodeTimeouts() {}

  static List<Action> plan(ClusterModel cluster, boolean healthy) {
    Set<NodeId> marked = marked(cluster);
    boolean falseAlarm = cluster.complete() && !marked.isEmpty();
    OptionalLong repair = falseAlarm ? repair(cluster, marked) : OptionalLong.empty();
    boolean done = healthy || cluster.formed() || Formation.hurried(cluster).isEmpty();
    List<Action> actions = new ArrayList<>();
    for (Peer peer : cluster.peers()) {
      long now = peer.snapshot().nodeTimeoutMillis();
      long wanted = cluster.topology().nodeTimeoutMillis();
      if (repair.isPresent() && now > repair.getAsLong()) {
        actions.add(new Action.SetNodeTimeout(peer.target(), repair.getAsLong()));
      } else if (repair.isEmpty() && now != wanted && done) {
        actions.add(new Action.SetNodeTimeout(peer.target(), wanted));
      }
    }
    return actions;
  }

  private static OptionalLong repair(ClusterModel cluster, Set<NodeId> marked) {
    OptionalLong millis = TemporaryNodeTimeout.millis(cluster, REPAIR_MILLIS);
    // A majority sets a mark: where most masters have one, the servers lack the time to answer,
    // unless they have just started.
    boolean most = 2 * marked.size() > cluster.ownership().owners().size();
    boolean bearable =
        millis.isPresent()
            && TemporaryNodeTimeout.isSustainable(cluster, millis.getAsLong())
            && cluster.view().load().failureReported().compareTo(PATIENCE) <= 0
            && (!most || TemporaryNodeTimeout.isAfterStart(cluster));
    return bearable ? millis : OptionalLong.empty();
  }

  private static Set<NodeId> marked(ClusterModel cluster) {
    return cluster.peers().stream().flatMap(peer -> marks(peer)).collect(Collectors.toSet());
  }

  private static Stream<NodeId> marks(Peer peer) {
    return peer.snapshot().table().nodes().stream()
        .filter(node -> node.is(Flag.FAIL) && !node.slots().isEmpty())
        .map(node -> node.id());
  }
}
