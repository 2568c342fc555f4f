package io.slotkeeper.simulation;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The commands that move slots, with the servers' answers and errors (cluster.c of Redis 7.0:
 * clusterCommand, migrateCommand). A slot has one key, or none.
 */
final class ModelSlots implements SlotCommands {
  private static final Map<Key, Integer> SLOTS =
      IntStream.range(0, SlotSet.COUNT)
          .boxed()
          .collect(Collectors.toUnmodifiableMap(ModelSlots::key, slot -> slot));

  private final OperatorProcess operator;
  private final World world;
  private final Endpoint endpoint;

  ModelSlots(OperatorProcess operator, World world, Endpoint endpoint) {
    this.operator = operator;
    this.world = world;
    this.endpoint = endpoint;
  }

  static Key key(int slot) {
    return new Key(Integer.toString(slot).getBytes(StandardCharsets.US_ASCII));
  }

  private static int slot(Key key) {
    Integer slot = SLOTS.get(key);
    if (slot == null) {
      throw new IllegalArgumentException("not a key of the model: " + key);
    }
    return slot;
  }

  private Server begin(String command) {
    operator.spend(command + " on " + endpoint.owner() + "@" + endpoint.ip());
    Server server = (Server) operator.connect(endpoint);
    world.advance(world.chance.between(0, world.scenario.slotMillis()));
    // It may be gone by now.
    return server.serving() ? server : (Server) operator.connect(endpoint);
  }

  private Server ask() {
    operator.ask();
    return (Server) operator.connect(endpoint);
  }

  /** In two parts: an operator that dies in the middle of many has done some of them. */
  @Override
  public void setSlots(SlotSet slots, Mark mark, int parallel) {
    int[] all = slots.stream().toArray();
    int cut = all.length == 0 ? 0 : world.chance.between(1, all.length);
    String error = null;
    for (SlotSet part :
        List.of(
            SlotSet.of(IntStream.range(0, cut).map(i -> all[i]).toArray()),
            SlotSet.of(IntStream.range(cut, all.length).map(i -> all[i]).toArray()))) {
      if (!part.isEmpty()) {
        Server server = begin("SETSLOT " + part + " " + told(mark));
        String wrong = set(server, part, mark);
        error = error == null ? wrong : error;
        operator.replied();
      }
    }
    if (error != null) {
      throw new RedisErrorException(error);
    }
  }

  private static String told(Mark mark) {
    return switch (mark) {
      case Mark.Importing m -> "IMPORTING " + m.from().brief();
      case Mark.Migrating m -> "MIGRATING " + m.to().brief();
      case Mark.Owned m -> "NODE " + m.by().brief();
      case Mark.Stable _ -> "STABLE";
    };
  }

  /** The first error. */
  private static @Nullable String set(Server server, SlotSet slots, Mark mark) {
    if (!server.self.master) {
      return "ERR You can use SETSLOT only with masters.";
    }
    return switch (mark) {
      case Mark.Importing m ->
          open(server, slots.minus(server.self.slots), slots, server.importing, m.from());
      case Mark.Migrating m ->
          open(server, slots.intersect(server.self.slots), slots, server.migrating, m.to());
      case Mark.Owned m -> own(server, slots, m.by());
      case Mark.Stable _ -> {
        server.close(slots);
        yield null;
      }
    };
  }

  private static @Nullable String open(
      Server server, SlotSet may, SlotSet wanted, Map<Integer, NodeId> marks, NodeId other) {
    Line line = server.line(other);
    if (line == null || !line.master) {
      return line == null ? "ERR I don't know about node " + other : "ERR Target is not a master";
    }
    may.stream().forEach(slot -> marks.put(slot, other));
    return may.equals(wanted) ? null : "ERR The owner of the hash slot is another";
  }

  private static @Nullable String own(Server server, SlotSet wanted, NodeId by) {
    Line line = server.line(by);
    if (line == null || !line.master) {
      return line == null ? "ERR Unknown node " + by : "ERR Target node is not a master";
    }
    SlotSet full = SlotSet.of(server.volume.data.keySet().stream().mapToInt(s -> s).toArray());
    SlotSet refused =
        line == server.self ? SlotSet.NONE : wanted.intersect(server.self.slots).intersect(full);
    SlotSet slots = wanted.minus(refused);
    slots.minus(full).stream().forEach(server.migrating::remove);
    server.news.assign(line, slots);
    if (line == server.self) {
      SlotSet imported =
          SlotSet.of(server.importing.keySet().stream().mapToInt(s -> s).toArray())
              .intersect(slots);
      if (!imported.isEmpty()) {
        server.bumpEpoch(); // without asking any other: clusterBumpConfigEpochWithoutConsensus
        imported.stream().forEach(server.importing::remove);
        server.bus.broadcast();
      }
    }
    return refused.isEmpty() ? null : "ERR Can't assign hashslot while I still hold keys for it";
  }

  @Override
  public Map<Integer, Long> countKeys(SlotSet slots) {
    Map<Integer, Long> counts = new HashMap<>();
    keys(slots, 1).forEach((slot, keys) -> counts.put(slot, (long) keys.size()));
    return counts;
  }

  @Override
  public Map<Integer, List<SizedKey>> keys(SlotSet slots, int perSlot) {
    Map<Integer, List<SizedKey>> keys = new TreeMap<>();
    for (int slot : ask().volume.data.keySet()) {
      if (slots.contains(slot)) {
        keys.put(slot, List.of(new SizedKey(key(slot), 0)));
      }
    }
    return keys;
  }

  @Override
  public Transfer migrate(Endpoint to, List<Parcel> parcels, boolean replace, Duration silence) {
    List<String> errors = new ArrayList<>();
    for (Parcel parcel : parcels) {
      int slot = slot(parcel.keys().getFirst());
      Server from = begin("MIGRATE " + slot + " to " + to.ip());
      String error = migrate(from, to.ip(), slot, replace);
      if (error != null) {
        errors.add(error);
        world.trace.add(world.now, () -> "    " + error);
      }
      operator.replied();
    }
    return new Transfer(errors, Duration.ofMillis(1));
  }

  private @Nullable String migrate(Server from, String ip, int slot, boolean replace) {
    String refused = Access.MIGRATE.refusal(from, slot);
    int version = from.volume.version(slot);
    if (refused != null || version == 0) {
      return refused; // or NOKEY, which is no error
    }
    Server to = world.listening(ip);
    if (to == null || to == from || !world.linked(from, to)) {
      return "IOERR error or timeout reading to target instance";
    }
    String reply = world.trusts(to, from) ? Access.ASKING.refusal(to, slot) : "WRONGPASS";
    if (reply == null && to.pod.diskFull) {
      reply = "MISCONF";
    }
    if (reply == null && to.volume.version(slot) > 0 && !replace) {
      reply = "BUSYKEY";
    }
    if (reply != null) {
      return "ERR Target instance replied with error: " + reply;
    }
    if (replace) {
      to.write(slot, version);
    } else {
      to.restore(slot, version);
    }
    if (world.scenario.silence() > 0 && world.chance.oneIn(world.scenario.silence())) {
      return "IOERR error or timeout reading to target instance";
    }
    from.delete(slot);
    world.ledger.moved(slot, to.volume);
    world.trace.add(world.now, () -> "    slot %d: %d goes to %s".formatted(slot, version, to));
    return null;
  }

  private static void take(Server server, int slot, Access access) {
    String refused = access.refusal(server, slot);
    if (refused != null) {
      throw new RedisErrorException(refused);
    }
  }

  @Override
  public Set<Key> existing(List<Key> keys) {
    Server server = ask();
    Set<Key> existing = new HashSet<>();
    for (Key key : keys) {
      int slot = slot(key);
      take(server, slot, Access.PLAIN);
      if (server.volume.version(slot) > 0) {
        existing.add(key);
      }
    }
    return existing;
  }

  @Override
  public void deleteImported(List<Key> keys) {
    if (keys.isEmpty()) {
      return;
    }
    Server server = begin("DEL " + keys.size());
    for (Key key : keys) {
      take(server, slot(key), Access.ASKING);
      server.delete(slot(key));
      world.trace.add(world.now, () -> "    slot %d: deleted".formatted(slot(key)));
    }
    operator.replied();
  }

  private static UnsupportedOperationException newer() {
    return new UnsupportedOperationException("the model is of Redis 7.0");
  }

  @Override
  public void startImport(SlotSet slots) {
    throw newer();
  }

  @Override
  public List<SlotTask> importTasks() {
    throw newer();
  }

  @Override
  public void cancelImports() {
    throw newer();
  }

  @Override
  public void startExport(SlotSet slots, NodeId to) {
    throw newer();
  }

  @Override
  public List<SlotTask> exportTasks() {
    throw newer();
  }

  @Override
  public void cancelExports() {
    throw newer();
  }
}
