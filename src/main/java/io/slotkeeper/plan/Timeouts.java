package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode.Flag;
import java.util.ArrayList;
import java.util.List;

/**
 * The node timeout: as wanted while all is well. A master that was marked failing and is back stays
 * so for two node timeouts (cluster_legacy.c:clearNodeFailureIfNeeded), so that time is shortened
 * while everybody answers and some are still marked.
 */
final class Timeouts {
  private static final long REPAIR_MILLIS = 1000;

  private Timeouts() {}

  /** One that formation or repair set, and that is not to stay. */
  static boolean isTemporary(long millis) {
    return millis == Formation.HURRIED_TIMEOUT_MILLIS || millis == REPAIR_MILLIS;
  }

  static List<Action> plan(Situation situation, boolean healthy) {
    List<Action> actions = new ArrayList<>();
    boolean falseAlarm =
        situation.complete() && situation.peers().stream().anyMatch(Timeouts::marks);
    for (Peer peer : situation.peers()) {
      long now = peer.snapshot().nodeTimeoutMillis();
      long wanted = situation.topology().nodeTimeoutMillis();
      if (falseAlarm && now > REPAIR_MILLIS) {
        actions.add(new Action.SetNodeTimeout(peer.target(), REPAIR_MILLIS));
      } else if (!falseAlarm && now != wanted && (healthy || situation.formed())) {
        actions.add(new Action.SetNodeTimeout(peer.target(), wanted));
      }
    }
    return actions;
  }

  private static boolean marks(Peer peer) {
    return peer.snapshot().table().nodes().stream()
        .anyMatch(node -> node.is(Flag.FAIL) && !node.slots().isEmpty());
  }
}
