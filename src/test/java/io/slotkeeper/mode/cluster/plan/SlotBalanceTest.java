package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.mode.cluster.plan.SlotBalance.Move;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotBalanceTest {

  /** {@code shards} shards with consecutive, equal ranges. */
  private static Map<Integer, SlotSet> even(int shards) {
    Map<Integer, SlotSet> now = new TreeMap<>();
    for (int shard = 0; shard < shards; shard++) {
      int first = (int) Math.round((double) SlotSet.COUNT * shard / shards);
      int end = (int) Math.round((double) SlotSet.COUNT * (shard + 1) / shards);
      now.put(shard, SlotSet.range(first, end - 1));
    }
    return now;
  }

  private static List<Move> moves(Map<Integer, SlotSet> now, int wanted) {
    return SlotBalance.moves(now, SlotBalance.even(now, wanted));
  }

  private static void apply(Map<Integer, SlotSet> now, Move move, SlotSet slots) {
    assertThat(now.getOrDefault(move.source(), SlotSet.NONE).intersect(slots)).isEqualTo(slots);
    now.merge(move.source(), slots, SlotSet::minus);
    now.merge(move.destination(), slots, SlotSet::plus);
  }

  @Test
  void aNewShardGetsItsShareFromAll() {
    List<Move> moves = moves(even(3), 4);

    assertThat(moves).extracting(Move::source).containsExactly(0, 1, 2);
    assertThat(moves).extracting(Move::destination).containsOnly(3);
    assertThat(moves.stream().mapToInt(move -> move.slots().size()).sum()).isEqualTo(4096);
  }

  @Test
  void aLeavingShardIsSpreadOverAllOthers() {
    List<Move> moves = moves(even(4), 3);

    assertThat(moves).extracting(Move::source).containsOnly(3);
    assertThat(moves).extracting(Move::destination).containsExactly(0, 1, 2);
    assertThat(moves.stream().mapToInt(move -> move.slots().size()).sum()).isEqualTo(4096);
  }

  @Test
  void whatIsEvenStaysAsItIs() {
    for (int shards = 1; shards <= 100; shards++) {
      assertThat(moves(even(shards), shards)).isEmpty();
      assertThat(SlotBalance.isEven(even(shards), shards)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "3,6", "6,3", "3,5", "7,5", "5,1", "2,1000", "1000,3", "16,17"})
  void everySlotHasItsPlaceAndMovesAtMostOnce(int before, int after) {
    Map<Integer, SlotSet> now = even(before);
    List<Move> moves = moves(now, after);
    SlotSet moved = SlotSet.NONE;
    for (Move move : moves) {
      assertThat(moved.intersects(move.slots())).isFalse();
      moved = moved.plus(move.slots());
      apply(now, move, move.slots());
    }
    assertThat(SlotBalance.isEven(now, after)).isTrue();
    assertThat(moves(now, after)).isEmpty();
    assertThat(now.values().stream().reduce(SlotSet.NONE, SlotSet::plus)).isEqualTo(SlotSet.ALL);
  }

  /** Planned again after each part, in any order of parts, no slot moves twice. */
  @Test
  void planningAgainOnTheWayMovesNothingTwice() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int before = 1 + random.nextInt(8);
      int after = 1 + random.nextInt(8);
      Map<Integer, SlotSet> now = even(before);
      int least = moves(now, after).stream().mapToInt(m -> m.slots().size()).sum();
      BitSet moved = new BitSet();
      int count = 0;
      List<Move> moves = SlotBalance.atOnce(moves(now, after), 2, seed % 2 == 0);
      while (!moves.isEmpty()) {
        Move move = moves.get(random.nextInt(moves.size()));
        SlotSet part = part(move.slots(), 1 + random.nextInt(700), random.nextBoolean());
        apply(now, move, part);
        count += part.size();
        part.stream().forEach(moved::set);
        moves = SlotBalance.atOnce(moves(now, after), 2, seed % 2 == 0);
      }
      assertThat(SlotBalance.isEven(now, after)).as("seed %d", seed).isTrue();
      assertThat(count).as("seed %d: moved once each", seed).isEqualTo(moved.cardinality());
      assertThat(count).as("seed %d: no more than needed", seed).isLessThanOrEqualTo(least + 1);
    }
  }

  private static SlotSet part(SlotSet slots, int count, boolean fromBelow) {
    List<Integer> all = new ArrayList<>(slots.stream().boxed().toList());
    int size = Math.min(count, all.size());
    List<Integer> part =
        fromBelow ? all.subList(0, size) : all.subList(all.size() - size, all.size());
    return SlotSet.of(part.stream().mapToInt(Integer::intValue).toArray());
  }

  @Test
  void theTargetMayChangeHalfWay() {
    Map<Integer, SlotSet> now = even(3);
    Move first = moves(now, 4).getFirst();
    apply(now, first, first.slots());

    for (int wanted : new int[] {3, 5, 2}) {
      Map<Integer, SlotSet> copy = new HashMap<>(now);
      moves(now, wanted).forEach(move -> apply(copy, move, move.slots()));
      assertThat(SlotBalance.isEven(copy, wanted)).isTrue();
    }
  }

  @Test
  void pairsThatRunAtOnceShareNoShard() {
    List<Move> moves = moves(even(3), 6);

    List<Move> chosen = SlotBalance.atOnce(moves, 10, false);

    assertThat(chosen).hasSize(3);
    assertThat(chosen).extracting(Move::source).doesNotHaveDuplicates();
    assertThat(chosen).extracting(Move::destination).doesNotHaveDuplicates();
    assertThat(SlotBalance.atOnce(moves, 2, false)).hasSize(2);
    List<Move> toOne = moves(even(3), 4);
    assertThat(SlotBalance.atOnce(toOne, 10, false)).hasSize(1);
    assertThat(SlotBalance.atOnce(toOne, 10, true)).hasSize(3);
  }

  @Test
  void roundsHaveEachMoveOnce() {
    List<Move> moves = moves(even(3), 5);

    List<List<Move>> rounds = SlotBalance.rounds(moves, 2, false);

    assertThat(rounds.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(moves);
    assertThat(rounds)
        .allSatisfy(round -> {
          assertThat(round).hasSizeBetween(1, 2);
          assertThat(SlotBalance.atOnce(round, 2, false)).isEqualTo(round);
        });
  }

  /** Else that one becomes a replica of the new owner: Redis takes it for a failover. */
  @Test
  void aMasterThatHasNothingDoesNotGetAllThatAnotherHas() {
    Map<Integer, SlotSet> now = Map.of(0, SlotSet.range(0, 99), 1, SlotSet.of(100));
    Move all = new Move(0, 2, SlotSet.range(0, 99));
    Move one = new Move(1, 2, SlotSet.of(100));
    Move part = new Move(0, 3, SlotSet.range(0, 49));
    Move elsewhere = new Move(1, 0, SlotSet.of(100));

    assertThat(SlotBalance.keepingLast(List.of(all, one, part, elsewhere), now))
        .containsExactly(new Move(0, 2, SlotSet.range(0, 98)), part, elsewhere);
  }
}
