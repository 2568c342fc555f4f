package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Slot counts that balance a weight. A shard's weight counts as spread evenly over its slots:
 * servers do not report the weight of each slot before Redis 8.2 and Valkey 8.
 */
public final class MemoryShares {

  /** Fraction of the mean: within it, a shard is as near as can be measured, and nothing moves. */
  private static final double TOLERANCE = 0.05;

  private MemoryShares() {}

  /**
   * The shares that give all shards the same weight.
   *
   * @param now the slots of each shard, by its number; together all slots
   * @param weights of all that each shard has, in any unit
   * @param wanted the wanted number of shards, numbered from 0
   * @return how many slots each is to have, at least one
   */
  public static List<Integer> shares(
      Map<Integer, SlotSet> now, Map<Integer, Long> weights, int wanted) {
    double mean = weights.values().stream().mapToLong(Long::longValue).sum() / (double) wanted;
    int[] shares = new int[wanted];
    double[] room = new double[wanted];
    Map<Integer, Integer> surplus = new TreeMap<>();
    boolean near = true;
    for (int shard = 0; shard < wanted; shard++) {
      shares[shard] = SlotBalance.size(now, shard);
      room[shard] = mean - weights.getOrDefault(shard, 0L);
      near &= shares[shard] > 0 && Math.abs(room[shard]) <= TOLERANCE * mean;
    }
    for (int shard : now.keySet()) {
      int size = SlotBalance.size(now, shard);
      if (size > 0 && shard >= wanted) {
        surplus.put(shard, size);
      } else if (size > 0 && room[shard] < 0 && !near) {
        long slots = Math.round(-room[shard] / each(now, weights, shard));
        surplus.put(shard, Math.clamp(slots, 0, size - 1));
      }
    }
    surplus.forEach((shard, slots) -> {
      if (shard < wanted) {
        shares[shard] -= slots;
        room[shard] = 0; // it has its part
      }
    });
    surplus.forEach(
        (shard, slots) -> give(slots, each(now, weights, shard), shares, room, surplus.keySet()));
    leaveNobodyOut(shares);
    return Arrays.stream(shares).boxed().toList();
  }

  private static double each(Map<Integer, SlotSet> now, Map<Integer, Long> weights, int shard) {
    return Math.max(1e-9, weights.getOrDefault(shard, 0L) / (double) SlotBalance.size(now, shard));
  }

  /**
   * Fills the shards that lack something one after the other, as {@link SlotBalance#moves} will;
   * the remainder of rounding goes to the one that lacks most.
   */
  private static void give(
      int slots, double each, int[] shares, double[] room, Set<Integer> giving) {
    int left = slots;
    int neediest = 0;
    for (int shard = 0; shard < shares.length; shard++) {
      if (giving.contains(shard)) {
        continue;
      }
      int count = Math.clamp(Math.round(room[shard] / each), 0, left);
      shares[shard] += count;
      room[shard] -= count * each;
      left -= count;
      neediest = giving.contains(neediest) || room[shard] > room[neediest] ? shard : neediest;
    }
    shares[neediest] += left;
    room[neediest] -= (double) left * each;
  }

  private static void leaveNobodyOut(int[] shares) {
    for (int shard = 0; shard < shares.length; shard++) {
      if (shares[shard] == 0) {
        int largest = 0;
        for (int other = 1; other < shares.length; other++) {
          largest = shares[other] > shares[largest] ? other : largest;
        }
        shares[largest]--;
        shares[shard]++;
      }
    }
  }
}
