package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.SlotCommands.Mark;
import io.slotkeeper.redis.cluster.SlotCommands.Parcel;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.simulation.Side.Kept;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Moves of slots, and what may come between, left to chance. */
final class RandomMoves {
  /** No server is missed in that time: only then does the seed alone say what happens. */
  private static final int PATIENT = 60_000;

  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Pair pair;
  private final ModelSide model;
  private final Commands commands;
  private final Chance chance;
  private final List<Integer> slots;
  private final int nodeTimeout;
  private final Set<Integer> away = new TreeSet<>();
  private int version;

  /**
   * @param nodeTimeout after which servers are missed, where they are to be missed
   */
  RandomMoves(Pair pair, ModelSide model, Chance chance, List<Integer> slots, int nodeTimeout) {
    this.pair = pair;
    this.model = model;
    commands = new Commands(pair);
    this.chance = chance;
    this.slots = slots;
    this.nodeTimeout = nodeTimeout;
  }

  void begin() {
    commands.patience(PATIENT);
    for (int slot : slots) {
      write(owner(slot), slot, false);
    }
    pair.settleAll();
  }

  void step() {
    if (chance.oneIn(2)) {
      comeBack();
    }
    if (chance.oneIn(3)) {
      setSlotSomehow();
      pair.settleAll();
    } else {
      move(chance.of(slots));
    }
    if (chance.oneIn(4)) {
      happen();
    }
  }

  private List<Integer> running() {
    return List.copyOf(pair.running());
  }

  /** What the model's server says of itself. */
  private ClusterNode self(int server) {
    return model.node(server).look().table().myself();
  }

  private List<Integer> servers(IntPredicate which) {
    return running().stream().filter(which::test).toList();
  }

  /** One of those that say so, or, where there is none, any. */
  private int owner(int slot) {
    List<Integer> owners = servers(i -> self(i).slots().contains(slot));
    return chance.of(owners.isEmpty() ? running() : owners);
  }

  private int masterBut(int server) {
    List<Integer> masters = servers(i -> i != server && self(i).isMaster());
    return chance.of(masters.isEmpty() ? running() : masters);
  }

  /** What redis.io/commands/cluster-setslot says, or nearly that. */
  private void move(int slot) {
    int from = owner(slot);
    int to = masterBut(from);
    boolean replace = chance.oneIn(2);
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> setSlot(to, slot, "importing", from, Mark.Importing::new));
    steps.add(() -> setSlot(from, slot, "migrating", to, Mark.Migrating::new));
    steps.add(() -> clients(slot, from, to));
    steps.add(() -> migrate(slot, from, to, replace));
    steps.add(() -> clients(slot, from, to));
    steps.add(() -> own(to, slot, to));
    steps.add(() -> own(from, slot, to));
    pair.tell("move slot %d from %d to %d".formatted(slot, from, to));
    if (chance.oneIn(4)) {
      int at = chance.between(0, steps.size() - 2);
      Collections.swap(steps, at, at + 1);
    }
    if (chance.oneIn(3)) {
      steps.remove(chance.between(0, steps.size() - 1));
    }
    if (chance.oneIn(3)) {
      steps.add(chance.between(1, steps.size() - 1), this::happen);
    }
    steps.forEach(Runnable::run);
    pair.settleAll();
  }

  private void setSlotSomehow() {
    int server = chance.of(running());
    int slot = chance.of(slots);
    int other = chance.of(running());
    switch (chance.between(0, 3)) {
      case 0 -> setSlot(server, slot, "importing", other, Mark.Importing::new);
      case 1 -> setSlot(server, slot, "migrating", other, Mark.Migrating::new);
      case 2 -> own(server, slot, other);
      default -> setSlot(server, slot, "stable", other, _ -> new Mark.Stable());
    }
    clients(slot, server, other);
    migrate(slot, server, other, chance.oneIn(2));
  }

  /** All hear of it, before any server is asked for the slot again. */
  private void own(int server, int slot, int owner) {
    if (server == owner && model.isLeftToChance(slot)) {
      return;
    }
    setSlot(server, slot, "of", owner, Mark.Owned::new);
    pair.settleAll();
  }

  private void setSlot(int server, int slot, String what, int other, Function<NodeId, Mark> mark) {
    if (pair.running().contains(server)) {
      pair.command(
          "slot %d at %d: %s %d".formatted(slot, server, what, other),
          server,
          (_, ids) ->
              node -> node.slots().setSlots(SlotSet.of(slot), mark.apply(ids.of(other)), 1));
    }
  }

  private void migrate(int slot, int from, int to, boolean replace) {
    if (from != to && pair.running().contains(from)) {
      pair.answer(
          "migrate slot %d from %d to %d%s".formatted(slot, from, to, replace ? " replace" : ""),
          from,
          (side, _) ->
              node -> {
                Parcel parcel = new Parcel(List.of(side.key(slot)));
                List<String> errors =
                    node.slots()
                        .migrate(side.endpoint(to), List.of(parcel), replace, SILENCE)
                        .errors();
                return errors.isEmpty() ? "OK" : errors.getFirst();
              });
    }
  }

  /** Some of what clients, and the repair of a slot, may ask. */
  private void clients(int slot, int from, int to) {
    for (int server : servers(i -> i == from || i == to)) {
      boolean asking = chance.oneIn(2);
      switch (chance.between(0, 6)) {
        case 0, 1, 2 -> write(server, slot, asking);
        case 3 ->
            pair.answer(
                "delete slot %d at %d".formatted(slot, server),
                server,
                (side, _) ->
                    node -> {
                      node.slots().deleteImported(List.of(side.key(slot)));
                      return "OK";
                    });
        case 4 ->
            pair.answer(
                "existing of slot %d at %d".formatted(slot, server),
                server,
                (side, _) -> node -> node.slots().existing(List.of(side.key(slot))).size());
        case 5 ->
            pair.answer(
                "keys at " + server,
                server,
                (_, _) ->
                    node ->
                        new TreeMap<>(
                            node.slots()
                                .countKeys(SlotSet.of(slots.stream().mapToInt(s -> s).toArray()))));
        default ->
            pair.compare(
                "read slot %d at %d%s".formatted(slot, server, asking ? " asking" : ""),
                side -> side.read(server, slot, asking));
      }
    }
  }

  private void write(int server, int slot, boolean asking) {
    int next = ++version;
    pair.compare(
        "write %d to slot %d at %d%s".formatted(next, slot, server, asking ? " asking" : ""),
        side -> side.write(server, slot, next, asking));
  }

  /** A server ends, and comes back sooner or later; or a replica takes over. */
  private void happen() {
    pair.settleAll();
    int server = chance.of(running());
    boolean certain = slots.stream().noneMatch(model::isLeftToChance);
    switch (chance.between(0, 4)) {
      case 0, 1 -> {
        pair.kill(server);
        start(server, chance.oneIn(3) ? Kept.NODES_CONF : Kept.ALL);
      }
      case 2 -> {
        if (away.isEmpty() && certain && replicas(server).size() == 1) {
          failOver(server);
        }
      }
      default -> {
        List<Integer> replicas =
            servers(i -> !self(i).isMaster() && model.isKnownToAll(self(i).master()));
        if (certain && !replicas.isEmpty()) {
          commands.failover(chance.of(replicas), FailoverMode.TAKEOVER);
        }
      }
    }
    pair.settleAll();
  }

  /** Of two replicas, chance would say which one wins. */
  private List<Integer> replicas(int server) {
    NodeId master = model.node(server).myId();
    return servers(i -> master.equals(self(i).master()));
  }

  /** The master is missed, and its replica is voted for. */
  private void failOver(int server) {
    commands.patience(nodeTimeout);
    pair.kill(server);
    pair.settle();
    commands.patience(PATIENT);
    away.add(server);
  }

  /**
   * The former master comes back once all know all that its successor owns. Else it may hear of
   * that from one that does not, as it imports a slot, and does not follow: it depends on which
   * speaks first.
   */
  private void comeBack() {
    if (away.isEmpty()) {
      return;
    }
    for (int server : running()) {
      for (int slot : self(server).importing().keySet()) {
        setSlot(server, slot, "stable", server, _ -> new Mark.Stable());
      }
    }
    pair.settleAll();
    boolean known = model.isKnownToAll(null);
    for (int server : known ? List.copyOf(away) : List.<Integer>of()) {
      start(server, Kept.ALL);
      pair.settleAll();
    }
    if (known) {
      away.clear();
    }
  }

  private void start(int server, Kept kept) {
    pair.start(server, kept, chance.oneIn(3));
    commands.introduce(server);
    pair.settle();
    commands.patience(PATIENT);
  }
}
