package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Mode;
import io.slotkeeper.observe.RebalanceState;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shard that was halted, of which fewer pods are wanted than there were. */
class ResumedShardTest {
  private static final Remembered REMEMBERED = remembered(Set.of("x-shard0-0"));

  @Test
  void theLastOwnerOfSlotsIsAmongItsPods() {
    assertThat(ResumedShard.pods(Mode.Cluster, REMEMBERED, 0)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"Standalone", "Sentinel"})
  void allServersThatHandOverUnseenComeBack(Mode mode) {
    assertThat(ResumedShard.pods(mode, REMEMBERED, 0)).isEqualTo(3);
  }

  @Test
  void aCopyComesBackWhateverElseIsRemembered() {
    assertThat(ResumedShard.pods(Mode.Standalone, remembered(Set.of("x-shard0-4")), 0))
        .isEqualTo(5);
  }

  @Test
  void nothingIsRememberedOfAnotherShard() {
    assertThat(ResumedShard.pods(Mode.Cluster, REMEMBERED, 1)).isZero();
    assertThat(ResumedShard.pods(Mode.Standalone, Remembered.NONE, 0)).isZero();
  }

  private static Remembered remembered(Set<String> copies) {
    RememberedShard data =
        new RememberedShard(
            new RememberedShard.Owner(id("b"), 1, SlotSet.ALL), List.of("line"), copies, true);
    return new Remembered(
        Map.of("x-shard0-0", id("a"), "x-shard0-1", id("b"), "x-shard0-2", id("c")),
        Map.of(),
        Map.of(),
        Map.of(0, data),
        true,
        RebalanceState.NONE);
  }

  private static NodeId id(String letter) {
    return new NodeId(letter.repeat(40));
  }
}
