package io.slotkeeper.report;

import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.observe.MemberStatuses;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ShardStatuses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.ConditionType;
import io.slotkeeper.reasons.Conditions;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pass remembers of those before it, and what it hands on. The status keeps that: {@link
 * StatusBuilder} writes what {@link #after} returns, and {@link #read} reads it back.
 */
public final class StatusMemory {

  private StatusMemory() {}

  /**
   * What a status and the annotations of the claims remember. Others can write a status, such as a
   * backup tool that restores it: a malformed entry is ignored.
   *
   * @param volumes the node ids on the claims, by pod
   */
  public static Remembered read(@Nullable RedisStatus status, Map<String, NodeId> volumes) {
    if (status == null) {
      return new Remembered(Map.of(), volumes, Map.of(), false);
    }
    return new Remembered(
        MemberStatuses.ids(status.members()),
        MemberStatuses.trails(status.members()),
        volumes,
        ShardStatuses.memory(status.shards()),
        Conditions.isTrue(status.conditions(), ConditionType.ClusterFormed)
            || Conditions.isTrue(status.conditions(), ConditionType.Initialized),
        new RebalanceState(
            status.migration() != null,
            status.migration() == null ? List.of() : status.migration().shares(),
            Optional.ofNullable(status.lastRebalance())));
  }

  /**
   * What is remembered after a pass.
   *
   * @param before what was remembered before it
   */
  public static Remembered after(
      Remembered before, Topology topology, Plan plan, List<Outcome> outcomes) {
    Optional<Action.RecordMembers> recorded =
        Outcome.done(outcomes).stream()
            .filter(Action.RecordMembers.class::isInstance)
            .map(Action.RecordMembers.class::cast)
            .findFirst();
    Optional<Action.RecordPrimary> primary =
        Outcome.done(outcomes).stream()
            .filter(Action.RecordPrimary.class::isInstance)
            .map(Action.RecordPrimary.class::cast)
            .findFirst();
    Map<Integer, RememberedShard> shards = new HashMap<>(before.shards());
    plan.health().shards().forEach(shard -> shards.put(shard.index(), shard.remembered()));
    primary.ifPresent(record -> shards.put(record.shard(), record.remembered()));
    return new Remembered(
        primary
            .map(Action.RecordPrimary::members)
            .or(() -> recorded.map(Action.RecordMembers::members))
            .orElse(before.members()),
        primary
            .map(Action.RecordPrimary::locations)
            .or(() -> recorded.map(Action.RecordMembers::locations))
            .orElse(before.locations()),
        before.volumes(),
        shards,
        before.formed() || plan.health().covered(),
        balancing(before.balancing(), topology, plan, outcomes));
  }

  private static RebalanceState balancing(
      RebalanceState before, Topology topology, Plan plan, List<Outcome> outcomes) {
    boolean moves = plan.resharding().filter(Resharding::movesSlots).isPresent();
    boolean swept = isSwept(outcomes);
    boolean even = plan.health().covered() && (swept || !moves);
    return new RebalanceState(
        moves && !swept,
        before.shares(),
        topology.moves().asked().filter(_ -> even).or(before::lastAsked));
  }

  /** All slots are where they belong, and nothing is left elsewhere. */
  private static boolean isSwept(List<Outcome> outcomes) {
    return Outcome.done(outcomes).stream()
        .anyMatch(action ->
            action instanceof Action.RepairOpenSlots closing
                && closing.suspected().equals(SlotSet.ALL));
  }
}
