package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.OpenSlots.Repair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenSlotsTest {
  private static final NodeId A = id('a');
  private static final NodeId B = id('b');
  private static final NodeId C = id('c');

  /** A replica by now, or gone: not among the masters. */
  private static final NodeId FORMER = id('f');

  private final Map<NodeId, NodeSnapshot> masters = new HashMap<>();
  private final Map<NodeId, Map<Integer, Long>> keys = new HashMap<>();

  OpenSlotsTest() {
    List.of(A, B, C).forEach(id -> master(id, false, null, null));
  }

  @Test
  void aClosedSlotIsLeftAlone() {
    master(A, true, null, null);
    keys(A, 5);

    assertThat(decide()).isEmpty();
  }

  @Test
  void aMoveUnderWayIsFinishedWithOrWithoutKeys() {
    master(A, true, B, null);
    master(B, false, null, A);

    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
    keys(A, 5);
    keys(B, 3);
    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
  }

  @Test
  void aMarkOfTheSourceAloneIsClosed() {
    master(A, true, B, null);
    keys(A, 5);

    assertThat(decide()).containsExactly(new Repair.Close(7, A));
  }

  @Test
  void aMarkOfTheDestinationAloneIsClosed() {
    master(A, true, null, null);
    master(B, false, null, A);

    assertThat(decide()).containsExactly(new Repair.Close(7, B));
  }

  @Test
  void afterAFailoverOfTheSourceItsHeirGoesOn() {
    master(A, true, null, null);
    master(B, false, null, FORMER);
    keys(B, 3);

    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
  }

  @Test
  void afterAFailoverOfTheDestinationItsHeirGoesOn() {
    master(A, true, FORMER, null);
    keys(A, 5);
    keys(B, 3);

    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
  }

  @Test
  void afterAFailoverOfADestinationWithoutKeysTheSourceKeepsTheSlot() {
    master(A, true, FORMER, null);
    keys(A, 5);

    assertThat(decide()).containsExactly(new Repair.Close(7, A));
  }

  @Test
  void betweenTheLastTwoCommandsBothOwnTheSlot() {
    master(A, true, B, null);
    master(B, true, null, null);

    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
  }

  @Test
  void whenTheSourceHasHeardAMarkOfItsIsLeft() {
    master(A, false, B, null);
    master(B, true, null, null);

    assertThat(decide()).containsExactly(new Repair.Close(7, A));
  }

  @Test
  void keysWithoutAMarkGoToTheOwner() {
    master(A, true, null, null);
    keys(B, 1);
    keys(C, 2);

    assertThat(decide()).containsExactly(new Repair.Merge(7, B, A), new Repair.Merge(7, C, A));
  }

  @Test
  void anImporterThatIsNotTheDestinationGivesItsKeysBackLater() {
    master(A, true, B, null);
    master(B, false, null, A);
    master(C, false, null, A);
    keys(C, 1);

    assertThat(decide()).containsExactly(new Repair.Finish(7, A, B));
    // The owner is another then.
    master(A, false, null, null);
    master(B, true, null, null);
    assertThat(decide()).containsExactly(new Repair.Merge(7, C, B));
  }

  @Test
  void twoHeirsWithKeysCannotBothBeTheDestination() {
    master(A, true, FORMER, null);
    keys(B, 1);
    keys(C, 2);

    assertThat(decide())
        .containsExactly(
            new Repair.Close(7, A), new Repair.Merge(7, B, A), new Repair.Merge(7, C, A));
  }

  @Test
  void withoutOneOwnerNothingIsDone() {
    master(B, false, null, A);
    keys(B, 3);
    assertThat(decide()).singleElement().isInstanceOf(Repair.Leave.class);

    master(A, true, null, null);
    master(C, true, null, null);
    assertThat(decide()).singleElement().isInstanceOf(Repair.Leave.class);
  }

  private List<Repair> decide() {
    assertThat(OpenSlots.marked(masters).minus(SlotSet.of(7)).isEmpty()).isTrue();
    return OpenSlots.decide(SlotSet.of(7), masters, keys);
  }

  private void keys(NodeId id, long count) {
    keys.put(id, Map.of(7, count));
  }

  private void master(
      NodeId id, boolean owns, @Nullable NodeId migrating, @Nullable NodeId importing) {
    ClusterNode self =
        new ClusterNode(
            id,
            null,
            Set.of(Flag.MYSELF, Flag.MASTER),
            null,
            1,
            true,
            owns ? SlotSet.of(7) : SlotSet.NONE,
            migrating == null ? Map.of() : Map.of(7, migrating),
            importing == null ? Map.of() : Map.of(7, importing));
    masters.put(
        id, Snapshots.of(new ClusterTable(List.of(self)), NodeSnapshot.Engine.REDIS, "7.0"));
  }

  private static NodeId id(char digit) {
    return new NodeId(String.valueOf(digit).repeat(40));
  }
}
