package io.slotkeeper.plan;

import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The node timeout: as wanted while all is well. A master that was marked failing and is back stays
 * so for two node timeouts (cluster_legacy.c:clearNodeFailureIfNeeded), so that time is shortened
 * while everybody answers and some are still marked: for a while, and only where it is not for want
 * of time that they missed each other.
 */
final class Timeouts {
  private static final long REPAIR_MILLIS = 1000;

  /** Marks go after two node timeouts; what lasts that long is not mended by a shorter one. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Timeouts() {}

  static List<Action> plan(Situation situation, boolean healthy) {
    Set<NodeId> marked = marked(situation);
    boolean falseAlarm = situation.complete() && !marked.isEmpty();
    OptionalLong repair = falseAlarm ? repair(situation, marked) : OptionalLong.empty();
    boolean done = healthy || situation.formed() || Formation.hurried(situation).isEmpty();
    List<Action> actions = new ArrayList<>();
    for (Peer peer : situation.peers()) {
      long now = peer.snapshot().nodeTimeoutMillis();
      long wanted = situation.topology().nodeTimeoutMillis();
      if (repair.isPresent() && now > repair.getAsLong()) {
        actions.add(new Action.SetNodeTimeout(peer.target(), repair.getAsLong()));
      } else if (repair.isEmpty() && now != wanted && done) {
        actions.add(new Action.SetNodeTimeout(peer.target(), wanted));
      }
    }
    return actions;
  }

  private static OptionalLong repair(Situation situation, Set<NodeId> marked) {
    OptionalLong millis = Haste.millis(situation, REPAIR_MILLIS);
    // A majority sets a mark: where most masters have one, the servers lack the time to answer,
    // unless they have just started.
    boolean most = 2 * marked.size() > situation.ownership().owners().size();
    boolean bearable =
        millis.isPresent()
            && Haste.isBorne(situation, millis.getAsLong())
            && situation.view().strain().alarm().compareTo(PATIENCE) <= 0
            && (!most || Haste.isAfterStart(situation));
    return bearable ? millis : OptionalLong.empty();
  }

  private static Set<NodeId> marked(Situation situation) {
    return situation.peers().stream().flatMap(peer -> marks(peer)).collect(Collectors.toSet());
  }

  private static Stream<NodeId> marks(Peer peer) {
    return peer.snapshot().table().nodes().stream()
        .filter(node -> node.is(Flag.FAIL) && !node.slots().isEmpty())
        .map(node -> node.id());
  }
}
