package io.slotkeeper.execute;

import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.resources.PodName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether data that a user has given up is really lost, as all servers see it at this moment. */
final class LostSlotsGuard {

  private LostSlotsGuard() {}

  static Optional<String> objection(
      Action.ReassignLostSlots loss, Map<PodState, NodeSnapshot> seen) {
    for (Map.Entry<PodState, NodeSnapshot> entry : seen.entrySet()) {
      String pod = "pod " + entry.getKey().name();
      NodeSnapshot now = entry.getValue();
      if (now.id().equals(loss.lost())) {
        return Optional.of(pod + " has that id");
      }
      if (now.id().equals(loss.node().id()) && !isEmpty(now, loss)) {
        return Optional.of("it is not an empty master any more");
      }
      if (mayBeCopy(loss, now)) {
        return Optional.of(pod + " may have a copy");
      }
      if (knowsAnotherOwner(loss, now, seen.values())) {
        return Optional.of("some of the slots have an owner, says " + pod);
      }
    }
    return Optional.empty();
  }

  /** A volume without a pod has the lost id or may have a copy, or the lost id is unknown. */
  static Optional<String> volume(
      Action.ReassignLostSlots loss, Map<String, NodeId> volumes, Set<String> pods) {
    Optional<Integer> shard = PodName.parse(loss.node().pod()).map(PodName::shard);
    return volumes.entrySet().stream()
        .filter(mark -> !pods.contains(mark.getKey()))
        .filter(mark ->
            loss.lost() == null
                || mark.getValue().equals(loss.lost())
                || PodName.parse(mark.getKey()).map(PodName::shard).equals(shard))
        .map(mark -> "the volume of pod " + mark.getKey() + " may still have it")
        .sorted()
        .findFirst();
  }

  /** Except for slots that an earlier, interrupted attempt of the same action gave it. */
  private static boolean isEmpty(NodeSnapshot now, Action.ReassignLostSlots loss) {
    ClusterNode self = now.table().myself();
    return self.isMaster() && now.keys() == 0 && self.slots().minus(loss.slots()).isEmpty();
  }

  /** A replica of the lost owner that has keys, and not those found to be from elsewhere. */
  private static boolean mayBeCopy(Action.ReassignLostSlots loss, NodeSnapshot now) {
    return loss.lost() != null
        && loss.lost().equals(now.table().myself().master())
        && now.keys() > 0
        && !loss.foreignReplicationIds().contains(now.replication().replicationId());
  }

  /** Hearsay does not count where the alleged owner answers and does not claim the slots itself. */
  private static boolean knowsAnotherOwner(
      Action.ReassignLostSlots loss, NodeSnapshot now, Collection<NodeSnapshot> all) {
    return now.table().nodes().stream()
        .filter(node -> !node.id().equals(loss.lost()) && !node.id().equals(loss.node().id()))
        .filter(node -> node.slots().intersects(loss.slots()))
        .anyMatch(node ->
            all.stream()
                .filter(other -> other.id().equals(node.id()))
                .allMatch(other -> other.table().myself().slots().intersects(loss.slots())));
  }
}
