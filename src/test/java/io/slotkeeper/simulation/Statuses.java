package io.slotkeeper.simulation;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the status of a schedule says in the end, and whether that is so. */
public final class Statuses {
  private Statuses() {}

  /** The slots with keys that no server serves that the operator can reach. */
  static Set<Integer> unserved(World world) {
    List<Server> masters =
        world.servers().stream()
            .filter(server -> server.pod.owner == Pod.Owner.OURS)
            .filter(server -> server.serving() && server.self.master)
            .filter(server -> !world.nodes.isCut(server.pod))
            .toList();
    return world.ledger.slots().stream()
        .filter(slot -> masters.stream().noneMatch(server -> server.self.slots.contains(slot)))
        .collect(Collectors.toSet());
  }

  /**
   * @param unserved what no server served from before the look to after it
   */
  static void mayBe(RedisStatus status, Set<?> unserved) {
    if (!unserved.isEmpty() && Conditions.isTrue(status.conditions(), ConditionType.Ready)) {
      throw new Violation("Ready, and no server serves " + unserved);
    }
  }

  /** All is well, and the status says nothing else. */
  static void saysCovered(@Nullable RedisStatus status) {
    saysRunning(status);
    says(status, ConditionType.SlotsCovered, "True");
    if (status != null && status.migration() != null) {
      throw new Violation("all is well, and the status is " + status);
    }
  }

  /** All is well, in any mode. */
  public static void saysRunning(@Nullable RedisStatus status) {
    says(status, ConditionType.Ready, "True");
    says(status, ConditionType.Degraded, "False");
    if (status == null || status.phase() != Phase.Running) {
      throw new Violation("all is well, and the status is " + status);
    }
  }

  /** Something is lost: not even a part of it may look as if all were well. */
  public static void saysLost(@Nullable RedisStatus status) {
    says(status, ConditionType.Ready, "False");
    says(status, ConditionType.Degraded, "True");
    if (status == null || status.phase() != Phase.Failed) {
      throw new Violation("something is lost, and the status is " + status);
    }
  }

  private static void says(@Nullable RedisStatus status, ConditionType type, String wanted) {
    List<Condition> conditions = status == null ? List.of() : status.conditions();
    boolean said =
        Conditions.find(conditions, type).filter(c -> wanted.equals(c.getStatus())).isPresent();
    if (!said) {
      throw new Violation("%s is not %s: %s".formatted(type, wanted, conditions));
    }
  }
}
