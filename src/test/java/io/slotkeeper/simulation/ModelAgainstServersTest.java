package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.simulation.Side.Kept;
import java.util.List;
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
      Pair pair =
          new Pair(
              model,
              real,
              SERVERS,
              (_, _, seen, names, addresses) -> Picture.of(seen, names, addresses));
      Commands commands = new Commands(pair);
      commands.form(
          IntStream.range(0, MASTERS).mapToObj(ModelAgainstServersTest::slots).toList(),
          List.of(0, 1));
      Chance chance = new Chance(seed);
      for (int i = 0; i < Integer.getInteger("simulation.steps", 12); i++) {
        step(pair, commands, chance, i + 1);
      }
    }
  }

  private static SlotSet slots(int master) {
    int size = SlotSet.COUNT / MASTERS;
    return SlotSet.range(
        master * size, master == MASTERS - 1 ? SlotSet.COUNT - 1 : (master + 1) * size - 1);
  }

  private static void step(Pair pair, Commands commands, Chance chance, int number) {
    List<Integer> running = List.copyOf(pair.running());
    int server = chance.of(running);
    List<Integer> dead =
        IntStream.range(0, SERVERS).filter(i -> !running.contains(i)).boxed().toList();
    if (!dead.isEmpty() && (dead.size() > 1 || chance.oneIn(2))) {
      start(pair, commands, chance, chance.of(dead));
      return;
    }
    switch (chance.between(0, 9)) {
      case 0, 1 -> {
        if (chance.oneIn(3)) {
          commands.patience(PATIENT); // it is back before any server misses it
          pair.kill(server);
          start(pair, commands, chance, server);
          commands.patience(NODE_TIMEOUT);
        } else {
          pair.kill(server);
        }
      }
      case 2 -> commands.replicate(server, chance.between(0, SERVERS - 1));
      case 3 -> commands.failover(server, FailoverMode.GRACEFUL);
      case 4 -> commands.failover(server, FailoverMode.FORCE);
      case 5 -> commands.failover(server, FailoverMode.TAKEOVER);
      case 6 -> commands.meet(server, chance.of(running));
      case 7 -> commands.addSlots(server, slots(chance.between(0, MASTERS - 1)));
      case 8 -> commands.forget(dead.isEmpty() ? server : dead.getFirst());
      default -> {
        int slot = slots(chance.between(0, MASTERS - 1)).stream().findFirst().orElseThrow();
        pair.compare(
            "write slot %d at %d".formatted(slot, server),
            side -> side.write(server, slot, number, false));
      }
    }
    pair.settle();
  }

  private static void start(Pair pair, Commands commands, Chance chance, int server) {
    pair.start(
        server,
        chance.of(List.of(Kept.ALL, Kept.ALL, Kept.NODES_CONF, Kept.NOTHING)),
        chance.oneIn(2));
    commands.introduce(server);
    pair.settle();
  }
}
