package io.slotkeeper.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.slotkeeper.api.Phase;
import io.slotkeeper.api.RedisStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a Redis that could not be looked at, or of which nothing could be concluded: what
 * is remembered stays, and nothing is claimed of what is there.
 */
public final class UnknownStatus {

  private UnknownStatus() {}

  /**
   * @param problem why nothing is known
   */
  public static RedisStatus of(
      @Nullable RedisStatus before, long generation, Problem problem, Instant now) {
    List<Condition> old = before == null ? List.of() : before.conditions();
    Conditions conditions = new Conditions(old, generation, now);
    for (ConditionType type : ConditionType.values()) {
      switch (type) {
        case Ready, Progressing, Degraded, SlotsCovered, ReplicasAttached ->
            conditions.unknown(type, problem.reason(), problem.message());
        case ConfigurationApplied ->
            conditions.set(type, false, problem.reason(), problem.message());
        case ClusterFormed, ConfigurationWarning, DataLost -> conditions.keep(type);
      }
    }
    return before == null
        ? new RedisStatus(
            Phase.Failed,
            generation,
            conditions.list(),
            null,
            0,
            null,
            null,
            List.of(),
            List.of(),
            null,
            null)
        : new RedisStatus(
            Phase.Failed,
            generation,
            conditions.list(),
            before.version(),
            before.shardCount(),
            before.readyPods(),
            before.selector(),
            before.shards(),
            before.members(),
            before.migration(),
            before.lastRebalance());
  }
}
