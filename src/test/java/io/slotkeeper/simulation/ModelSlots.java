package io.slotkeeper.simulation;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.SlotCommands;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.SlotTask;
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
 * clusterCommand, getNodeByQuery, migrateCommand). A slot has one key, or none.
 */
final class ModelSlots implements SlotCommands {
  /** How often a key arrives, and the answer does not. */
  private static final int SILENT = 30;

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

  private static Key key(int slot) {
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
    Server server = operator.connect(endpoint);
    world.advance(world.chance.between(0, world.scenario.slotMillis()));
    // It may be gone by now.
    return server.serving() ? server : operator.connect(endpoint);
  }

  private Server ask() {
    operator.ask();
    return operator.connect(endpoint);
  }

  /** In two parts: who dies in the middle of many has done some of them. */
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
    for (Line other : server.table.values()) {
      other.slots = other.slots.minus(slots);
    }
    line.slots = line.slots.plus(slots);
    if (line == server.self) {
      SlotSet imported =
          SlotSet.of(server.importing.keySet().stream().mapToInt(s -> s).toArray())
              .intersect(slots);
      if (!imported.isEmpty()) {
        server.bumpEpoch(); // without asking anybody: clusterBumpConfigEpochWithoutConsensus
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
    String refused = refusal(from, slot, from.migrating.containsKey(slot));
    int version = from.volume.version(slot);
    if (refused != null || version == 0) {
      return refused; // or NOKEY, which is no error
    }
    Server to = world.listening(ip);
    if (to == null || to == from || !world.linked(from, to)) {
      return "IOERR error or timeout reading to target instance";
    }
    String reply =
        !world.trusts(to, from)
            ? "WRONGPASS"
            : to.pod.diskFull
                ? "MISCONF"
                : refusal(to, slot, false) != null
                    ? refusal(to, slot, false)
                    : to.volume.version(slot) > 0 && !replace ? "BUSYKEY" : null;
    if (reply != null) {
      return "ERR Target instance replied with error: " + reply;
    }
    to.volume.data.put(slot, version);
    to.replication.wrote();
    if (world.chance.oneIn(SILENT)) {
      return "IOERR error or timeout reading to target instance";
    }
    from.volume.data.remove(slot);
    from.replication.wrote();
    world.ledger.moved(slot, to.volume);
    world.trace.add(world.now, () -> "    slot %d: %d goes to %s".formatted(slot, version, to));
    return null;
  }

  /** Of who imports a slot everything is taken that was sent there with ASKING, and MIGRATE. */
  private static @Nullable String refusal(Server server, int slot, boolean migrating) {
    if (!server.state.ok()) {
      return "CLUSTERDOWN The cluster is down";
    }
    boolean serves =
        server.self.master
            && (migrating
                || server.self.slots.contains(slot)
                || server.importing.containsKey(slot));
    return serves ? null : "MOVED " + slot;
  }

  @Override
  public Set<Key> existing(List<Key> keys) {
    Server server = ask();
    Set<Key> existing = new HashSet<>();
    for (Key key : keys) {
      int slot = slot(key);
      if (!server.state.ok() || !server.self.slots.contains(slot) || !server.self.master) {
        throw new RedisErrorException("MOVED " + slot);
      }
      if (server.volume.version(slot) > 0) {
        existing.add(key);
      } else if (server.migrating.containsKey(slot)) {
        throw new RedisErrorException("ASK " + slot);
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
      String refused = refusal(server, slot(key), false);
      if (refused != null) {
        throw new RedisErrorException(refused);
      }
      server.volume.data.remove(slot(key));
      server.replication.wrote();
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
