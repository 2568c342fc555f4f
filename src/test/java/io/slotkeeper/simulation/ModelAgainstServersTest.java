package io.slotkeeper.simulation;

import io.slotkeeper.redis.RedisNode.FailoverMode;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.simulation.Side.Kept;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The model is worth something if it does what servers do: the same is done to both, left to
 * chance, and after each step both come to say the same. {@code -Dsimulation.steps} is how many.
 */
@Tag("servers")
@Timeout(300)
class ModelAgainstServersTest {
  private static final int SERVERS = 5;
  private static final int MASTERS = 3;
  private static final int NODE_TIMEOUT = 1000;
  private static final int PATIENT = 20_000;

  @ParameterizedTest
  @CsvSource({"redis-7.0, 1", "valkey-9.1, 2"})
  void theModelDoesWhatServersDo(String name, long seed) {
    seed = Long.getLong("simulation.seed", seed);
    boolean spreadsForget = !name.equals("redis-7.0"); // since 7.2
    boolean failsMoved = name.equals("valkey-9.1"); // since 9.0
    ModelSide model = new ModelSide(seed, SERVERS, NODE_TIMEOUT, spreadsForget, failsMoved);
    try (RealSide real = new RealSide(name, SERVERS, NODE_TIMEOUT)) {
      Pair pair = new Pair(model, real, SERVERS);
      form(pair);
      Chance chance = new Chance(seed);
      for (int i = 0; i < Integer.getInteger("simulation.steps", 12); i++) {
        step(pair, chance);
      }
    }
  }

  private static SlotSet slots(int master) {
    int size = SlotSet.COUNT / MASTERS;
    return SlotSet.range(
        master * size, master == MASTERS - 1 ? SlotSet.COUNT - 1 : (master + 1) * size - 1);
  }

  private static void form(Pair pair) {
    for (int i = 0; i < MASTERS; i++) {
      int master = i;
      pair.command("epoch of " + i, i, (_, _) -> node -> node.setConfigEpoch(master + 1L));
      pair.command("slots of " + i, i, (_, _) -> node -> node.addSlots(slots(master)));
    }
    for (int i = 0; i < SERVERS; i++) {
      for (int j = 0; j < SERVERS; j++) {
        if (i != j) {
          meet(pair, i, j);
        }
      }
    }
    pair.settle();
    replicate(pair, 3, 0);
    replicate(pair, 4, 1);
    pair.settle();
  }

  private static void meet(Pair pair, int from, int to) {
    pair.command(
        "%d meets %d".formatted(from, to), from, (side, _) -> node -> node.meet(side.address(to)));
  }

  private static void replicate(Pair pair, int replica, int master) {
    pair.command(
        "%d follows %d".formatted(replica, master),
        replica,
        (_, ids) -> node -> node.replicate(ids.of(master)));
  }

  private static void step(Pair pair, Chance chance) {
    List<Integer> running = List.copyOf(pair.running());
    int server = chance.of(running);
    List<Integer> dead =
        IntStream.range(0, SERVERS).filter(i -> !running.contains(i)).boxed().toList();
    if (!dead.isEmpty() && (dead.size() > 1 || chance.oneIn(2))) {
      start(pair, chance, chance.of(dead));
      return;
    }
    switch (chance.between(0, 9)) {
      case 0, 1 -> {
        if (chance.oneIn(3)) {
          patience(pair, PATIENT); // it is back before anybody misses it
          pair.kill(server);
          start(pair, chance, server);
          patience(pair, NODE_TIMEOUT);
        } else {
          pair.kill(server);
        }
      }
      case 2 -> replicate(pair, server, chance.between(0, SERVERS - 1));
      case 3 -> failover(pair, server, FailoverMode.GRACEFUL);
      case 4 -> failover(pair, server, FailoverMode.FORCE);
      case 5 -> failover(pair, server, FailoverMode.TAKEOVER);
      case 6 -> meet(pair, server, chance.of(running));
      case 7 -> {
        SlotSet slots = slots(chance.between(0, MASTERS - 1));
        pair.command("slots for " + server, server, (_, _) -> node -> node.addSlots(slots));
      }
      case 8 -> forget(pair, dead.isEmpty() ? server : dead.getFirst());
      default ->
          pair.write(
              server, slots(chance.between(0, MASTERS - 1)).stream().findFirst().orElseThrow());
    }
    pair.settle();
  }

  private static void patience(Pair pair, int millis) {
    for (int server : pair.running()) {
      pair.command(
          "node timeout %d at %d".formatted(millis, server),
          server,
          (_, _) ->
              node -> node.setConfig(Map.of("cluster-node-timeout", Integer.toString(millis))));
    }
  }

  private static void start(Pair pair, Chance chance, int server) {
    pair.start(
        server,
        chance.of(List.of(Kept.ALL, Kept.ALL, Kept.NODES_CONF, Kept.NOTHING)),
        chance.oneIn(2));
    // What the operator does when a server is seen where others do not expect it.
    for (int other : pair.running()) {
      if (other != server) {
        meet(pair, server, other);
        meet(pair, other, server);
      }
    }
    pair.settle();
  }

  private static void failover(Pair pair, int server, FailoverMode mode) {
    pair.command(mode + " at " + server, server, (_, _) -> node -> node.failover(mode));
  }

  /** By all: what one alone forgets it is told of again. Nobody forgets who lives. */
  private static void forget(Pair pair, int server) {
    for (int other : List.copyOf(pair.running())) {
      if (!pair.running().contains(server) || other == server) {
        pair.command(
            "%d forgets %d".formatted(other, server),
            other,
            (_, ids) -> node -> node.forget(ids.of(server)));
      }
    }
    pair.forgotten(server);
  }
}
