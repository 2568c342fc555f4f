package io.slotkeeper.execute;

import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The second look before a cluster changes its size: rule 4, and that only the right servers give
 * or take slots. Each check gives the reason for refusing, if any.
 */
final class ScalingGuard {
  private final Guard guard;
  private final Looks looks;

  /** Looks at several servers at once. */
  interface Looks {
    List<NodeSnapshot> look(List<ServerRef> targets);
  }

  ScalingGuard(Guard guard, Looks looks) {
    this.guard = guard;
    this.looks = looks;
  }

  /** Both are masters that know each other, and the slots to move are on one of them. */
  Optional<String> mayMove(Action.MoveSlots move) {
    Optional<String> leaving =
        guard.leaving(pod ->
            pod.name().equals(move.source().pod()) || pod.name().equals(move.destination().pod()));
    if (leaving.isPresent()) {
      return leaving;
    }
    guard.decides(move);
    List<NodeSnapshot> both = looks.look(List.of(move.source(), move.destination()));
    NodeSnapshot source = both.getFirst();
    NodeSnapshot destination = both.getLast();
    if (!source.table().myself().isMaster() || !destination.table().myself().isMaster()) {
      return Optional.of("source and destination must both be masters");
    }
    boolean strangers =
        destination.table().nodes().stream().noneMatch(node -> node.id().equals(source.id()))
            || source.table().nodes().stream()
                .noneMatch(node -> node.id().equals(destination.id()));
    if (strangers) {
      return Optional.of("source and destination do not know each other");
    }
    boolean elsewhere =
        !move.slots()
            .minus(source.table().myself().slots())
            .minus(destination.table().myself().slots())
            .isEmpty();
    return elsewhere
        ? Optional.of("some of the slots have another owner by now")
        : Optional.empty();
  }

  /** Rule 4: no server of the shard has anything, and all others agree. */
  Optional<String> mayRemove(Action.RemoveShard removal) {
    for (NodeSnapshot node : looks.look(removal.nodes())) {
      ClusterNode self = node.table().myself();
      if (node.keys() > 0 || !self.slots().isEmpty() || self.hasOpenSlots()) {
        return Optional.of("node %s still has slots or keys".formatted(self.id().brief()));
      }
    }
    Set<NodeId> leaving = new HashSet<>(removal.nodes().stream().map(ServerRef::id).toList());
    for (NodeSnapshot node : looks.look(removal.others())) {
      if (concerns(node, leaving)) {
        return Optional.of(
            "node %s thinks that the shard still has slots".formatted(node.id().brief()));
      }
    }
    List<String> checked = removal.nodes().stream().map(ServerRef::pod).toList();
    return guard.pods().stream()
        .filter(pod -> pod.shard() == removal.shard() && !checked.contains(pod.name()))
        .filter(pod -> pod.container() == PodState.Container.RUNNING)
        .map(pod -> "pod %s has not said what it holds".formatted(pod.name()))
        .findFirst();
  }

  private static boolean concerns(NodeSnapshot node, Set<NodeId> leaving) {
    ClusterNode self = node.table().myself();
    return node.table().nodes().stream()
            .anyMatch(other -> leaving.contains(other.id()) && !other.slots().isEmpty())
        || intersects(self.migrating().values(), leaving)
        || intersects(self.importing().values(), leaving);
  }

  private static boolean intersects(Collection<NodeId> ids, Set<NodeId> leaving) {
    return ids.stream().anyMatch(leaving::contains);
  }

  /**
   * The highest epoch wins: no other node may claim these slots, and no peer may attribute further
   * slots to this node, as it would get those, too. A server takes the epoch after the last that it
   * has heard of, so it must have heard of all, or two masters have one epoch.
   */
  Optional<String> mayRaise(Action.BumpEpoch raise) {
    List<NodeSnapshot> others = looks.look(raise.others());
    // Of all others, only its own replicas may claim its slots from one moment to the next.
    List<ServerRef> asked = new ArrayList<>(List.of(raise.owner()));
    for (int i = 0; i < others.size(); i++) {
      if (raise.owner().id().equals(others.get(i).table().myself().master())) {
        asked.add(raise.others().get(i));
      }
    }
    guard.decides(raise);
    List<NodeSnapshot> now = looks.look(asked);
    ClusterNode owner = now.getFirst().table().myself();
    if (!owner.isMaster()) {
      return Optional.of("it is not a master any more");
    }
    long heard = now.getFirst().currentEpoch();
    for (NodeSnapshot other : Stream.concat(others.stream(), now.stream().skip(1)).toList()) {
      String id = other.id().brief();
      ClusterNode self = other.table().myself();
      if (self.isMaster() && self.configEpoch() > heard) {
        return Optional.of(
            "it has not heard of epoch %d of node %s yet".formatted(self.configEpoch(), id));
      }
      if (self.slots().intersects(owner.slots())) {
        return Optional.of("node %s claims some of its slots".formatted(id));
      }
      Optional<ClusterNode> seen = other.table().find(owner.id());
      if (seen.filter(line -> !line.slots().minus(owner.slots()).isEmpty()).isPresent()) {
        return Optional.of("node %s thinks that it has more slots".formatted(id));
      }
    }
    return Optional.empty();
  }

  /** The master is not one of those that go, and no other pod is leaving. */
  Optional<String> mayShrink(Action.ShrinkShard shrink) {
    if (!guard.node(shrink.master()).look().isMaster()) {
      return Optional.of("pod " + shrink.master().pod() + " is not the master any more");
    }
    return guard.leaving(pod -> pod.shard() == shrink.shard());
  }
}
