package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AtomicStepTest {
  private static final NodeId A = new NodeId("a".repeat(40));
  private static final NodeId B = new NodeId("b".repeat(40));
  private static final NodeId C = new NodeId("c".repeat(40));
  private static final SlotSet SLOTS = SlotSet.range(0, 9);

  private final List<SlotTask> tasks = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private @Nullable String refusal;
  private long mostKeys = Long.MAX_VALUE;

  @Test
  void startsWhereNothingRuns() {
    assertThat(step().state()).isEqualTo(State.RUNNING);
    assertThat(told).containsExactly("start 0-9");
  }

  @Test
  void movesNoMoreAtOnceThanTheEngineDoesWell() {
    mostKeys = 5; // one key in each slot
    step();
    assertThat(told).containsExactly("start 0-4");
  }

  @Test
  void followsWhatRuns() {
    task(B, SlotTask.State.RUNNING, 0, "");
    assertThat(step().state()).isEqualTo(State.RUNNING);
    assertThat(told).isEmpty();
  }

  @Test
  void waitsForTheMovesOfOthers() {
    task(C, SlotTask.State.RUNNING, 0, "");
    assertThat(step().state()).isEqualTo(State.WAITING);
    assertThat(told).isEmpty();

    tasks.clear();
    refusal = "ERR another ASM task is already in progress";
    assertThat(step().state()).isEqualTo(State.WAITING);
  }

  @Test
  void givesUpATaskThatStartsOverAgainAndAgain() {
    task(B, SlotTask.State.RUNNING, 5, "no memory");
    MigrationProgress progress = step();
    assertThat(progress.state()).isEqualTo(State.FAILED);
    assertThat(progress.message()).contains("no memory");
    assertThat(told).containsExactly("cancel");
  }

  @Test
  void tellsWhyTheLastOneFailed() {
    task(B, SlotTask.State.FAILED, 0, "no memory");
    MigrationProgress progress = step();
    assertThat(progress.state()).isEqualTo(State.FAILED);
    assertThat(progress.message()).contains("no memory");
    assertThat(told).containsExactly("start 0-9");
  }

  @Test
  void startsNothingWhileSlotsAreOpen() {
    MigrationProgress progress = step(Map.of(100, C));
    assertThat(progress.state()).isEqualTo(State.FAILED);
    assertThat(told).isEmpty();
  }

  private MigrationProgress step() {
    return step(Map.of());
  }

  private MigrationProgress step(Map<Integer, NodeId> migrating) {
    SlotMove move =
        new SlotMove(
            new MigrationEndpoint(A, new Endpoint("a", "10.0.0.1", 6379, null)),
            new MigrationEndpoint(B, new Endpoint("b", "10.0.0.2", 6379, null)),
            List.of(),
            SLOTS);
    MigrationState standing =
        new MigrationState(
            SLOTS, SlotSet.NONE, SlotSet.NONE, SlotSet.NONE, SlotSet.NONE, Optional.empty());
    return new AtomicStep(move, new Fake(), new ProgressCounter(SLOTS.size()))
        .run(standing, snapshot(A, SLOTS, migrating), snapshot(B, SlotSet.NONE, Map.of()));
  }

  private static NodeSnapshot snapshot(NodeId id, SlotSet slots, Map<Integer, NodeId> migrating) {
    ClusterNode self =
        new ClusterNode(
            id, null, Set.of(Flag.MYSELF, Flag.MASTER), null, 1, true, slots, migrating, Map.of());
    return Snapshots.of(new ClusterTable(List.of(self)), Engine.REDIS, "8.6.0");
  }

  private void task(NodeId destination, SlotTask.State state, int retries, String message) {
    tasks.add(
        new SlotTask(
            "id",
            SLOTS,
            A,
            destination,
            true,
            state,
            "phase",
            message,
            retries,
            Instant.EPOCH,
            Duration.ZERO));
  }

  private final class Fake implements AtomicCommands {
    @Override
    public List<SlotTask> tasks() {
      return tasks;
    }

    @Override
    public void start(SlotSet slots) {
      if (refusal != null) {
        throw new RedisErrorException(refusal);
      }
      told.add("start " + slots);
    }

    @Override
    public void cancel() {
      told.add("cancel");
    }

    @Override
    public boolean severalAtOnce() {
      return false;
    }

    @Override
    public long mostBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public long mostKeys() {
      return mostKeys;
    }
  }
}
