package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The final ownership of all slots, and the moves that lead there. Each slot moves at most once,
 * and no more of them than needed; the slots of a leaving shard are spread over all that stay.
 *
 * <p>Nothing is kept between passes: computed again half way, from what has moved by then, the rest
 * comes out the same, because a shard gives its highest slots, and the shards that have most keep
 * one more where the slots cannot be divided evenly.
 */
public final class SlotBalance {

  private SlotBalance() {}

  /** Slots on their way from one shard to another. */
  public record Move(int source, int destination, SlotSet slots) {}

  /**
   * Whether shards have their even share, and those that leave have nothing.
   *
   * @param now the slots of each shard, by its number
   * @param wanted the wanted number of shards, numbered from 0
   */
  public static boolean isEven(Map<Integer, SlotSet> now, int wanted) {
    int least = SlotSet.COUNT / wanted;
    int most = (SlotSet.COUNT + wanted - 1) / wanted;
    for (int shard = 0; shard < wanted; shard++) {
      int size = now.getOrDefault(shard, SlotSet.NONE).size();
      if (size < least || size > most) {
        return false;
      }
    }
    return now.entrySet().stream()
        .allMatch(entry -> entry.getKey() < wanted || entry.getValue().isEmpty());
  }

  /**
   * The moves that give each shard its share.
   *
   * @param now the slots of each shard, by its number; together all slots
   * @param shares how many each is to have, by its number; shards beyond have none
   * @return at most one for each pair of shards, by source and destination
   */
  public static List<Move> moves(Map<Integer, SlotSet> now, List<Integer> shares) {
    int wanted = shares.size();
    SortedMap<Integer, SlotSet> shards = new TreeMap<>(now);
    SortedMap<Integer, Integer> missing = new TreeMap<>();
    for (int shard = 0; shard < wanted; shard++) {
      missing.put(shard, shares.get(shard) - size(shards, shard));
    }

    List<Move> moves = new ArrayList<>();
    for (int source : shards.keySet()) {
      int[] slots = highestFirst(shards.getOrDefault(source, SlotSet.NONE));
      int surplus = slots.length - (source < wanted ? shares.get(source) : 0);
      int given = 0;
      for (int destination = 0; destination < wanted && given < surplus; destination++) {
        int count = Math.min(missing.getOrDefault(destination, 0), surplus - given);
        if (count > 0) {
          moves.add(new Move(source, destination, part(slots, given, count)));
          missing.merge(destination, -count, Integer::sum);
          given += count;
        }
      }
    }
    return moves;
  }

  /**
   * The same moves, except that a shard without slots does not get all slots of another: the last
   * one follows when the destination has others, too. Where a master claims exactly all slots of
   * another, that looks like a failover, and the former owner and its replicas become replicas of
   * the new owner (Redis, cluster_legacy.c:clusterUpdateSlotsConfigWith, also without {@code
   * cluster-allow-replica-migration}). A shard's share is larger than one slot, so another shard
   * gives the first.
   *
   * @param now the slots of each shard, by its number
   */
  public static List<Move> keepingLast(List<Move> moves, Map<Integer, SlotSet> now) {
    return moves.stream()
        .map(move -> {
          boolean all = move.slots().size() == size(now, move.source());
          return all && size(now, move.destination()) == 0
              ? new Move(move.source(), move.destination(), withoutLast(move.slots()))
              : move;
        })
        .filter(move -> !move.slots().isEmpty())
        .toList();
  }

  private static SlotSet withoutLast(SlotSet slots) {
    return SlotSet.of(slots.stream().limit(slots.size() - 1L).toArray());
  }

  /**
   * Moves that may run at once: no shard gives to two.
   *
   * @param limit the maximum number of moves
   * @param shared one shard may take from several
   */
  public static List<Move> atOnce(List<Move> moves, int limit, boolean shared) {
    List<Move> chosen = new ArrayList<>();
    for (Move move : moves) {
      boolean free =
          chosen.stream()
              .noneMatch(other ->
                  other.source() == move.source()
                      || (!shared && other.destination() == move.destination()));
      if (free && chosen.size() < limit) {
        chosen.add(move);
      }
    }
    return chosen;
  }

  /**
   * All moves, in the order in which they can be made; those of one round run at once.
   *
   * @param limit the maximum number of moves in one round
   * @param shared one shard may take from several at once
   */
  public static List<List<Move>> rounds(List<Move> moves, int limit, boolean shared) {
    List<List<Move>> rounds = new ArrayList<>();
    List<Move> left = new ArrayList<>(moves);
    while (!left.isEmpty()) {
      List<Move> round = atOnce(left, limit, shared);
      rounds.add(round);
      left.removeAll(round);
    }
    return rounds;
  }

  /**
   * The same number of slots for each, to within one; the shards that have most get one more.
   *
   * @param shards the slots of each shard, by its number
   * @param wanted the wanted number of shards, numbered from 0
   */
  public static List<Integer> even(Map<Integer, SlotSet> shards, int wanted) {
    List<Integer> largestFirst =
        IntStream.range(0, wanted)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(shard -> -size(shards, shard))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    Integer[] shares = new Integer[wanted];
    for (int i = 0; i < wanted; i++) {
      int one = i < SlotSet.COUNT % wanted ? 1 : 0;
      shares[largestFirst.get(i)] = SlotSet.COUNT / wanted + one;
    }
    return List.of(shares);
  }

  static int size(Map<Integer, SlotSet> shards, int shard) {
    return shards.getOrDefault(shard, SlotSet.NONE).size();
  }

  private static int[] highestFirst(SlotSet slots) {
    int[] ascending = slots.stream().toArray();
    int[] descending = new int[ascending.length];
    for (int i = 0; i < ascending.length; i++) {
      descending[i] = ascending[ascending.length - 1 - i];
    }
    return descending;
  }

  private static SlotSet part(int[] slots, int from, int count) {
    int[] part = new int[count];
    System.arraycopy(slots, from, part, 0, count);
    return SlotSet.of(part);
  }
}
