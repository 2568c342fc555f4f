package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Resharding;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusMemoryTest {
  private static final NodeId ID = new NodeId("a".repeat(40));
  private static final NodeId FORMER = new NodeId("b".repeat(40));
  private static final Map<String, NodeId> MARKS = Map.of("x-shard0-1", FORMER);
  private static final Action.RecordMembers RECORD =
      new Action.RecordMembers(
          Map.of("x-shard0-0", ID),
          Map.of(
              "x-shard0-0", new ServerLocations(Set.of("n1"), Map.of(FORMER, Set.of("n2", "n3")))),
          List.of(),
          Set.of());
  private static final Action.RepairOpenSlots SWEEP =
      new Action.RepairOpenSlots(List.of(), SlotSet.ALL);

  private static Remembered after(Reports found, Remembered before, List<Outcome> outcomes) {
    return StatusMemory.after(before, Reports.TOPOLOGY, found.report().plan(), outcomes);
  }

  /** The status that is written with that. */
  private static RedisStatus status(Reports found, Remembered remembered) {
    StatusInput report = found.report();
    return StatusBuilder.status(
        null,
        new StatusInput(
            1,
            report.topology(),
            report.selector(),
            report.view(),
            report.plan(),
            remembered,
            Optional.empty(),
            List.of(),
            false,
            Reports.NOW,
            List.of(),
            List.of()));
  }

  @Test
  void withoutAStatusOnlyTheMarksAreKnown() {
    assertThat(StatusMemory.read(null, Map.of()).formed()).isFalse();
    Remembered marked = StatusMemory.read(null, MARKS);
    assertThat(marked.formed()).isTrue();
    assertThat(marked.volumes()).isEqualTo(MARKS);
  }

  @Test
  void whatWasRecordedIsReadBackFromTheStatus() {
    Reports found = new Reports();
    Remembered after = after(found, Remembered.NONE, List.of(new Outcome.Done(RECORD)));

    Remembered read = StatusMemory.read(status(found, after), MARKS);

    assertThat(read.members()).isEqualTo(RECORD.members());
    assertThat(read.locations()).isEqualTo(RECORD.locations());
    assertThat(read.formed()).isTrue();
    assertThat(read.volumes()).isEqualTo(MARKS);
    assertThat(read.shard(0).replicationIds()).containsExactly("id");
  }

  @Test
  void whatFailedToBeRecordedIsNotRemembered() {
    assertThat(
            after(new Reports(), Remembered.NONE, List.of(new Outcome.Failed(RECORD, "conflict")))
                .members())
        .isEmpty();
  }

  @Test
  void onceFormedItStaysSo() {
    Reports dark = new Reports().with(r -> r.health = Reports.dark("id"));
    Remembered formed = new Remembered(Map.of(), Map.of(), Map.of(), true);

    assertThat(after(dark, Remembered.NONE, List.of()).formed()).isFalse();
    assertThat(after(dark, formed, List.of()).formed()).isTrue();
  }

  @Test
  void aMoveIsUnderWayUntilAllWasLookedThroughForWhatItLeft() {
    Reports moving =
        new Reports()
            .with(r ->
                r.resharding =
                    Optional.of(new Resharding(0, 0, true, List.of(), 0, Optional.empty())));
    Remembered underWay = after(moving, Remembered.NONE, List.of());
    assertThat(underWay.balancing().underWay()).isTrue();
    assertThat(StatusMemory.read(status(moving, underWay), Map.of()).balancing().underWay())
        .isTrue();

    Remembered swept = after(moving, underWay, List.of(new Outcome.Done(SWEEP)));

    assertThat(swept.balancing()).isEqualTo(RebalanceState.NONE);
    assertThat(StatusMemory.read(status(moving, swept), Map.of()).balancing().underWay()).isFalse();
  }

  /** A backup tool may restore a status, and an editor may write one. */
  @Test
  void aMalformedEntryIsIgnored() {
    RedisStatus status =
        Serialization.unmarshal(
            """
            members: [{pod: x-shard0-0, id: nonsense}, {pod: x-shard0-1, id: %1$s}]
            shards:
            - {name: x-shard0, owner: {node: nonsense, epoch: 1, slots: 0-5}}
            - {name: x-shard1, owner: {node: %1$s, epoch: 1, slots: 5-99999}}
            """
                .formatted(ID),
            RedisStatus.class);

    Remembered read = StatusMemory.read(status, Map.of());

    assertThat(read.members()).containsExactly(Map.entry("x-shard0-1", ID));
    assertThat(read.shard(0).owner()).isNull();
    assertThat(read.shard(1).owner()).isNull();
  }
}
