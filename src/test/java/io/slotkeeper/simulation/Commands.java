package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Map;

/** What is said to both servers of a {@link Pair}. */
final class Commands {
  private final Pair pair;

  Commands(Pair pair) {
    this.pair = pair;
  }

  /**
   * Masters, and their replicas; each has an epoch of its own.
   *
   * @param masters what the first servers own
   * @param replicas the master that each of the others follows
   */
  void form(List<SlotSet> masters, List<Integer> replicas) {
    for (int i : pair.running()) {
      pair.command("epoch of " + i, i, (_, _) -> node -> node.setConfigEpoch(i + 1L));
    }
    for (int i = 0; i < masters.size(); i++) {
      addSlots(i, masters.get(i));
    }
    for (int i : pair.running()) {
      for (int j : pair.running()) {
        if (i != j) {
          meet(i, j);
        }
      }
    }
    pair.settle();
    for (int i = 0; i < replicas.size(); i++) {
      replicate(masters.size() + i, replicas.get(i));
    }
    pair.settle();
  }

  void addSlots(int server, SlotSet slots) {
    if (!slots.isEmpty()) {
      pair.command("slots for " + server, server, (_, _) -> node -> node.addSlots(slots));
    }
  }

  void meet(int from, int to) {
    pair.command(
        "%d meets %d".formatted(from, to), from, (side, _) -> node -> node.meet(side.address(to)));
  }

  /** What the operator does when a server is seen where others do not expect it. */
  void introduce(int server) {
    for (int other : pair.running()) {
      if (other != server) {
        meet(server, other);
        meet(other, server);
      }
    }
  }

  void replicate(int replica, int master) {
    pair.command(
        "%d follows %d".formatted(replica, master),
        replica,
        (_, ids) -> node -> node.replicate(ids.of(master)));
  }

  void patience(int millis) {
    for (int server : pair.running()) {
      pair.command(
          "node timeout %d at %d".formatted(millis, server),
          server,
          (_, _) ->
              node -> node.setConfig(Map.of("cluster-node-timeout", Integer.toString(millis))));
    }
  }

  void failover(int server, FailoverMode mode) {
    pair.command(mode + " at " + server, server, (_, _) -> node -> node.failover(mode));
  }

  /** By all: what one alone forgets it hears of again. No server forgets one that lives. */
  void forget(int server) {
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
