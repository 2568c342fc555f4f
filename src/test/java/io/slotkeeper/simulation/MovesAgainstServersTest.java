package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@link ModelAgainstServersTest} for the commands that move slots: moves in the right order and in
 * wrong ones, clients that read and write in the middle of them, and servers that are killed,
 * restarted and replaced meanwhile. {@code -Dsimulation.moves} is how many; {@code
 * -Dsimulation.seed} says which, and prints what was done.
 */
@Tag("servers")
@Timeout(600)
class MovesAgainstServersTest {
  private static final int NODE_TIMEOUT = 1500;

  /** The third has few slots, and gives away its last one; the fourth has none. */
  private static final List<SlotSet> MASTERS =
      List.of(
          SlotSet.range(0, 8191),
          SlotSet.range(8192, 16381),
          SlotSet.range(16382, 16383),
          SlotSet.NONE);

  private static final List<Integer> REPLICAS = List.of(0, 1, 2);
  private static final int SERVERS = MASTERS.size() + REPLICAS.size();

  /** With keys. */
  private static final List<Integer> SLOTS = List.of(0, 1, 8192, 8193, 16382, 16383);

  @Test
  void theModelMovesSlotsAsRedisDoes() {
    run(Long.getLong("simulation.seed", 1), Integer.getInteger("simulation.moves", 8));
  }

  static void run(long seed, int moves) {
    try (RealSide real = new RealSide("redis-7.0", SERVERS, NODE_TIMEOUT)) {
      List<NodeId> ids =
          IntStream.range(0, SERVERS).mapToObj(server -> real.node(server).myId()).toList();
      ModelSide model = new ModelSide(seed, NODE_TIMEOUT, false, false, ids);
      Pair pair = new Pair(model, real, SERVERS, SlotPicture.of(SLOTS));
      new Commands(pair).form(MASTERS, REPLICAS);
      RandomMoves random = new RandomMoves(pair, model, new Chance(seed), SLOTS, NODE_TIMEOUT);
      random.begin();
      for (int i = 0; i < moves; i++) {
        random.step();
      }
      if (Long.getLong("simulation.seed") != null) {
        System.out.println(pair.story());
      }
    }
  }
}
