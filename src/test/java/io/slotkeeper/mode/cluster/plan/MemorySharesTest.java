package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MemorySharesTest {
  private static final Map<Integer, SlotSet> THREE =
      Map.of(
          0, SlotSet.range(0, 5460), 1, SlotSet.range(5461, 10922), 2, SlotSet.range(10923, 16383));

  @Test
  void whatIsNearlyAlikeStays() {
    assertThat(MemoryShares.shares(THREE, Map.of(0, 100L, 1, 104L, 2, 98L), 3))
        .containsExactly(5461, 5462, 5461);
  }

  @Test
  void theHeavyGiveToTheLight() {
    assertThat(MemoryShares.shares(THREE, Map.of(0, 200L, 1, 100L, 2, 0L), 3))
        .containsExactly(5461 - 2731, 5462, 5461 + 2731);
  }

  @Test
  void aNewShardGetsTheMeanOfWeight() {
    // 600 in four shards: each is to have 150.
    List<Integer> shares = MemoryShares.shares(THREE, Map.of(0, 400L, 1, 100L, 2, 100L), 4);

    assertThat(shares.get(0)).isEqualTo(Math.round(5461 * 150 / 400.0));
    assertThat(shares.get(3)).isGreaterThan(1);
    assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(SlotSet.COUNT);
  }

  @Test
  void aShardThatIsTheOnlyOneHasAll() {
    assertThat(MemoryShares.shares(THREE, Map.of(0, 5L, 1, 5L, 2, 5L), 1)).containsExactly(16384);
  }

  @Test
  void anEmptyClusterIsDividedToo() {
    assertThat(MemoryShares.shares(THREE, Map.of(0, 0L, 1, 0L, 2, 0L), 4))
        .hasSize(4)
        .allMatch(share -> share > 0);
  }

  /** Whatever there is: all slots, none left out, and none heavier than the heaviest was. */
  @Test
  void anyWeightsGetNearerToEachOther() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      int before = 1 + random.nextInt(8);
      int wanted = 1 + random.nextInt(8);
      Map<Integer, SlotSet> now = new TreeMap<>();
      Map<Integer, Long> weights = new HashMap<>();
      for (int shard = 0; shard < before; shard++) {
        now.put(shard, SlotSet.range(16384 * shard / before, 16384 * (shard + 1) / before - 1));
        weights.put(shard, (long) random.nextInt(1_000_000));
      }

      List<Integer> shares = MemoryShares.shares(now, weights, wanted);

      assertThat(shares).as("seed %d", seed).hasSize(wanted).allMatch(share -> share > 0);
      assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(SlotSet.COUNT);
      Map<Integer, Double> after = new HashMap<>();
      weights.forEach((shard, weight) -> after.put(shard, (double) weight));
      double slot = 0;
      for (int shard = 0; shard < before; shard++) {
        slot = Math.max(slot, weights.getOrDefault(shard, 0L) / (double) size(now, shard));
      }
      for (SlotBalance.Move move : SlotBalance.moves(now, shares)) {
        double moved =
            weights.getOrDefault(move.source(), 0L)
                * (double) move.slots().size()
                / size(now, move.source());
        after.merge(move.source(), -moved, Double::sum);
        after.merge(move.destination(), moved, Double::sum);
      }
      long heaviest = weights.values().stream().mapToLong(Long::longValue).max().orElse(0);
      double mean = weights.values().stream().mapToLong(Long::longValue).sum() / (double) wanted;
      for (int shard = 0; shard < wanted; shard++) {
        assertThat(after.getOrDefault(shard, 0.0))
            .as("seed %d, shard %d", seed, shard)
            .isLessThanOrEqualTo(Math.max((double) heaviest, mean * 1.1 + before * slot));
      }
    }
  }

  private static int size(Map<Integer, SlotSet> now, int shard) {
    return now.getOrDefault(shard, SlotSet.NONE).size();
  }
}
