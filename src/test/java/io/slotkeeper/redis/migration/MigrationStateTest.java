package io.slotkeeper.redis.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.ClusterTable;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.testing.NodeSnapshots;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation: the source took a greater epoch in the middle of a move, was believed
 * what it still said of the slots, and the destination deleted the keys that it had got.
 */
class MigrationStateTest {
  private static final int SOURCE = 1;
  private static final int DESTINATION = 2;
  private static final int THIRD = 3;

  private static NodeId id(int number) {
    return new NodeId("%040x".formatted(number));
  }

  private static ClusterNode line(int number, long epoch, Flag... flags) {
    return new ClusterNode(
        id(number),
        null,
        EnumSet.of(Flag.MASTER, flags),
        null,
        epoch,
        true,
        SlotSet.NONE,
        Map.of(),
        Map.of());
  }

  private static NodeSnapshot snapshot(int self, long epoch, ClusterNode... others) {
    return NodeSnapshots.of(
        new ClusterTable(
            Stream.concat(Stream.of(line(self, epoch, Flag.MYSELF)), Stream.of(others)).toList()));
  }

  @Test
  void nothingMovesFromAMasterThatSharesItsEpoch() {
    NodeSnapshot source = snapshot(SOURCE, 5, line(DESTINATION, 6), line(THIRD, 5));
    NodeSnapshot destination = snapshot(DESTINATION, 6, line(SOURCE, 5), line(THIRD, 4));
    assertThat(MigrationState.unsettled(source, destination))
        .hasValueSatisfying(
            why -> assertThat(why).contains("has the epoch of", "will take another"));

    for (NodeSnapshot other :
        List.of(
            snapshot(SOURCE, 5, line(DESTINATION, 6), line(THIRD, 4)),
            snapshot(SOURCE, 5, line(DESTINATION, 6), line(THIRD, 5, Flag.HANDSHAKE)))) {
      assertThat(MigrationState.unsettled(other, destination)).isEmpty();
    }
    NodeSnapshot told = snapshot(DESTINATION, 6, line(SOURCE, 5), line(THIRD, 5));
    assertThat(MigrationState.unsettled(snapshot(SOURCE, 5, line(DESTINATION, 6)), told))
        .isPresent();
  }

  @Test
  void nothingMovesToAMasterThatHasNotHeardOfTheSourcesEpoch() {
    NodeSnapshot source = snapshot(SOURCE, 7, line(DESTINATION, 6));

    assertThat(MigrationState.unsettled(source, snapshot(DESTINATION, 6, line(SOURCE, 5))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("has not heard of the source's epoch 7"));
    assertThat(MigrationState.unsettled(source, snapshot(DESTINATION, 6, line(SOURCE, 7))))
        .isEmpty();
    assertThat(MigrationState.unsettled(source, snapshot(DESTINATION, 6))).isPresent();
  }
}
