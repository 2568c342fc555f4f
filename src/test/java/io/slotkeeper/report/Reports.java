package io.slotkeeper.report;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Health;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.plan.SentinelHealth;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdateProgress;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report of one shard with a replica, all well, and what is otherwise. */
final class Reports {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final Topology TOPOLOGY = new Topology("x", 1, 1, 5000);
  static final Health.Shard WHOLE = shard(7, "id");
  static final Health.Shard ALONE =
      new Health.Shard(
          0, SlotSet.ALL, "x-shard0-0", List.of(), List.of("x-shard0-1"), 7, memory(7, "id"));

  Topology topology = TOPOLOGY;
  boolean formed = true;
  Health health = health(SlotSet.ALL, true, WHOLE);
  List<Finding> findings = List.of();
  Optional<Resharding> resharding = Optional.empty();
  RebalanceState balancing = RebalanceState.NONE;
  Optional<Problem> problem = Optional.empty();
  List<Problem> warnings = List.of();
  List<String> pending = List.of();
  List<Finding> reported = List.of();
  Set<String> claims = Set.of();
  @Nullable SentinelHealth sentinels;
  boolean halted;
  Instant now = NOW;
  final List<Member> members =
      new ArrayList<>(List.of(member(0, true, null), member(1, true, null)));

  static Health health(SlotSet served, boolean agreed, Health.Shard... shards) {
    return new Health(served, agreed, true, List.of(shards));
  }

  static Health.Shard shard(long keys, String... replicationIds) {
    return new Health.Shard(
        0,
        SlotSet.ALL,
        "x-shard0-0",
        List.of("x-shard0-1"),
        List.of(),
        keys,
        memory(keys, replicationIds));
  }

  private static RememberedShard memory(long keys, String... replicationIds) {
    return new RememberedShard(null, List.of(replicationIds), Set.of(), keys > 0);
  }

  /** No server answers. */
  static Health dark(String... replicationIds) {
    return health(
        SlotSet.NONE,
        false,
        new Health.Shard(
            0, SlotSet.NONE, null, List.of(), List.of(), 0, memory(7, replicationIds)));
  }

  /**
   * @param version that its server says it is; null where it does not answer
   */
  static Member member(int ordinal, boolean ready, @Nullable String version) {
    return new Member(
        new PodState(
            "x-shard0-" + ordinal,
            "uid" + ordinal,
            0,
            ordinal,
            null,
            "node-1",
            NOW,
            false,
            ready,
            PodState.Container.RUNNING,
            null),
        version == null
            ? new ServerAnswer.NoAddress()
            : new ServerAnswer.Answered(snapshot(version)));
  }

  private static NodeSnapshot snapshot(String version) {
    NodeId id = new NodeId("a".repeat(40));
    return NodeSnapshots.of(
        new ClusterTable(
            List.of(
                new ClusterNode(
                    id,
                    null,
                    Set.of(Flag.MYSELF, Flag.MASTER),
                    null,
                    1,
                    true,
                    SlotSet.NONE,
                    Map.of(),
                    Map.of()))),
        NodeSnapshot.Engine.REDIS,
        version);
  }

  Reports with(java.util.function.Consumer<Reports> change) {
    change.accept(this);
    return this;
  }

  StatusInput report() {
    return new StatusInput(
        3,
        topology,
        "a=b",
        new ClusterView(now, members, Remembered.NONE, claims),
        new Plan(
            List.of(),
            findings,
            health,
            RequeuePace.RESTING,
            resharding,
            UpdateProgress.NONE,
            sentinels),
        new Remembered(
            Map.of(),
            Map.of(),
            Map.of(),
            health.shards().stream()
                .collect(Collectors.toMap(Health.Shard::index, Health.Shard::remembered)),
            formed,
            balancing),
        problem,
        warnings,
        halted,
        now,
        pending,
        reported);
  }
}
