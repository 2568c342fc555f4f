package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Pipeline.text;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerListOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import io.slotkeeper.redis.cluster.SlotTaskParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** {@link SlotCommands} over Lettuce. */
final class LettuceSlots implements SlotCommands {
  /** For commands that block the server: {@code RedisNode.look} must not wait behind them. */
  private static final int BULK_LANE = 1;

  /** For commands that the server may answer late, delaying those after them. */
  private static final int FIRST_SETSLOT_LANE = 2;

  /** Slots that have keys, each with its number of keys. */
  private static final String COUNTS =
      """
      local counts = {}
      for i = 1, #ARGV do
        local count = redis.call('CLUSTER', 'COUNTKEYSINSLOT', ARGV[i])
        if count > 0 then
          counts[#counts + 1] = tonumber(ARGV[i])
          counts[#counts + 1] = count
        end
      end
      return counts\
      """;

  /** Half a millisecond of the server's time. */
  private static final int COUNTED_AT_ONCE = 500;

  /** Keys and sizes of a slot. Asking for each size separately takes three times as long. */
  private static final String KEYS =
      """
      local keys = redis.call('CLUSTER', 'GETKEYSINSLOT', ARGV[1], ARGV[2])
      local told = {}
      for i = 1, #keys do
        told[#told + 1] = keys[i]
        local size = redis.pcall('MEMORY', 'USAGE', keys[i])
        if type(size) == 'number' and size >= 1000 then told[#told + 1] = size end
      end
      return told\
      """;

  private final Endpoint endpoint;
  private final Connections connections;
  private final Duration timeout;
  private final Pipeline common;
  private final Pipeline bulk;

  LettuceSlots(Endpoint endpoint, Connections connections, Duration timeout) {
    this.endpoint = endpoint;
    this.connections = connections;
    this.timeout = timeout;
    common = new Pipeline(endpoint, connections, 0);
    bulk = new Pipeline(endpoint, connections, BULK_LANE);
  }

  @Override
  public void setSlots(SlotSet slots, Mark mark, int parallel) {
    List<List<AsyncCommand<String, String, ?>>> perLane = new ArrayList<>();
    int[] numbers = slots.stream().toArray();
    int lanes = Math.min(parallel, numbers.length);
    IntStream.range(0, lanes).forEach(_ -> perLane.add(new ArrayList<>()));
    for (int i = 0; i < numbers.length; i++) {
      perLane.get(i % lanes).add(setSlot(numbers[i], mark));
    }
    List<List<RuntimeException>> errors =
        new VirtualThreads()
            .map(
                IntStream.range(0, lanes).boxed().toList(),
                lane -> {
                  try {
                    return new Pipeline(endpoint, connections, FIRST_SETSLOT_LANE + lane)
                        .attempt(perLane.get(lane), timeout);
                  } catch (RedisUnavailableException e) {
                    return List.of(e);
                  }
                });
    errors.stream()
        .flatMap(List::stream)
        .findFirst()
        .ifPresent(error -> {
          throw error;
        });
  }

  private static AsyncCommand<String, String, String> setSlot(int slot, Mark mark) {
    String number = Integer.toString(slot);
    return switch (mark) {
      case Mark.Importing importing -> setSlot(number, "IMPORTING", importing.from().value());
      case Mark.Migrating migrating -> setSlot(number, "MIGRATING", migrating.to().value());
      case Mark.Owned owned -> setSlot(number, "NODE", owned.by().value());
      case Mark.Stable _ -> setSlot(number, "STABLE");
    };
  }

  private static AsyncCommand<String, String, String> setSlot(String... arguments) {
    List<String> all = new ArrayList<>(List.of("SETSLOT"));
    all.addAll(List.of(arguments));
    return text(CommandType.CLUSTER, all.toArray(String[]::new));
  }

  @Override
  public Map<Integer, Long> countKeys(SlotSet slots) {
    int[] all = slots.stream().toArray();
    List<AsyncCommand<String, String, List<Long>>> commands =
        IntStream.iterate(0, from -> from < all.length, from -> from + COUNTED_AT_ONCE)
            .mapToObj(from -> {
              CommandArgs<String, String> arguments = arguments().add(COUNTS).add(0);
              Arrays.stream(all).skip(from).limit(COUNTED_AT_ONCE).forEach(arguments::add);
              return Pipeline.command(
                  CommandType.EVAL_RO, new IntegerListOutput<>(StringCodec.UTF8), arguments);
            })
            .toList();
    bulk.send(commands, timeout);
    Map<Integer, Long> counts = new HashMap<>();
    for (var command : commands) {
      List<Long> found = command.join();
      for (int i = 0; i < found.size(); i += 2) {
        counts.put(found.get(i).intValue(), found.get(i + 1));
      }
    }
    return counts;
  }

  @Override
  public Map<Integer, List<SizedKey>> keys(SlotSet slots, int perSlot) {
    String most = Integer.toString(perSlot);
    List<AsyncCommand<String, String, List<SizedKey>>> commands =
        slots.stream()
            .mapToObj(slot ->
                Pipeline.command(
                    CommandType.EVAL_RO, new KeysOutput(), KEYS, "0", Integer.toString(slot), most))
            .toList();
    bulk.send(commands, timeout);
    Map<Integer, List<SizedKey>> keys = new HashMap<>();
    int i = 0;
    for (int slot : slots.stream().toArray()) {
      List<SizedKey> found = commands.get(i++).join();
      if (!found.isEmpty()) {
        keys.put(slot, found);
      }
    }
    return keys;
  }

  @Override
  public Transfer migrate(Endpoint to, List<Parcel> parcels, boolean replace, Duration silence) {
    List<AsyncCommand<String, String, String>> commands =
        parcels.stream().map(parcel -> migrate(to, parcel, replace, silence)).toList();
    // Each may wait for a connection, for the keys to be sent and for the answer.
    Duration deadline = timeout.plus(silence.multipliedBy(3L * parcels.size()));
    long began = System.nanoTime();
    List<RuntimeException> errors = bulk.attempt(commands, deadline);
    return new Transfer(
        errors.stream().map(error -> String.valueOf(error.getMessage())).toList(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  private static AsyncCommand<String, String, String> migrate(
      Endpoint to, Parcel parcel, boolean replace, Duration silence) {
    CommandArgs<String, String> arguments =
        arguments().add(to.ip()).add(to.port()).add("").add(0).add(silence.toMillis());
    if (replace) {
      arguments.add("REPLACE");
    }
    if (to.password() != null) {
      arguments.add("AUTH").add(to.password().toCharArray());
    }
    arguments.add("KEYS");
    parcel.keys().forEach(key -> arguments.add(key.bytes()));
    return Pipeline.command(CommandType.MIGRATE, new StatusOutput<>(StringCodec.UTF8), arguments);
  }

  @Override
  public Set<Key> existing(List<Key> keys) {
    List<AsyncCommand<String, String, Long>> commands =
        keys.stream()
            .map(key ->
                Pipeline.<Long>command(
                    CommandType.EXISTS,
                    new IntegerOutput<>(StringCodec.UTF8),
                    arguments().add(key.bytes())))
            .toList();
    bulk.send(commands, timeout);
    Set<Key> existing = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      if (commands.get(i).join() > 0) {
        existing.add(keys.get(i));
      }
    }
    return existing;
  }

  @Override
  public void deleteImported(List<Key> keys) {
    List<AsyncCommand<String, String, ?>> commands = new ArrayList<>();
    for (Key key : keys) {
      commands.add(text(CommandType.ASKING));
      commands.add(
          Pipeline.command(
              CommandType.DEL,
              new IntegerOutput<>(StringCodec.UTF8),
              arguments().add(key.bytes())));
    }
    bulk.send(commands, timeout);
  }

  @Override
  public void startImport(SlotSet slots) {
    List<String> arguments = new ArrayList<>(List.of("MIGRATION", "IMPORT"));
    addRanges(arguments, slots);
    tell(arguments);
  }

  @Override
  public List<SlotTask> importTasks() {
    return SlotTaskParser.imports(ask("MIGRATION", "STATUS", "ALL"));
  }

  @Override
  public void cancelImports() {
    ask("MIGRATION", "CANCEL", "ALL");
  }

  @Override
  public void startExport(SlotSet slots, NodeId to) {
    List<String> arguments = new ArrayList<>(List.of("MIGRATESLOTS", "SLOTSRANGE"));
    addRanges(arguments, slots);
    arguments.add("NODE");
    arguments.add(to.value());
    tell(arguments);
  }

  @Override
  public List<SlotTask> exportTasks() {
    return SlotTaskParser.exports(ask("GETSLOTMIGRATIONS"));
  }

  @Override
  public void cancelExports() {
    try {
      tell(List.of("CANCELSLOTMIGRATIONS"));
    } catch (RedisErrorException e) {
      if (!String.valueOf(e.getMessage()).contains("No migrations ongoing")) {
        throw e;
      }
    }
  }

  private static void addRanges(List<String> arguments, SlotSet slots) {
    for (SlotSet.Range range : slots.ranges()) {
      arguments.add(Integer.toString(range.first()));
      arguments.add(Integer.toString(range.last()));
    }
  }

  private void tell(List<String> arguments) {
    common.send(List.of(text(CommandType.CLUSTER, arguments.toArray(String[]::new))), timeout);
  }

  private List<Object> ask(String... arguments) {
    var command =
        Pipeline.command(CommandType.CLUSTER, new NestedMultiOutput<>(StringCodec.UTF8), arguments);
    common.send(List.of(command), timeout);
    return command.join();
  }

  private static CommandArgs<String, String> arguments() {
    return new CommandArgs<>(StringCodec.UTF8);
  }
}
