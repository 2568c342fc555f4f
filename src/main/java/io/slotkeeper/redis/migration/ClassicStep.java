package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.NodeSnapshot.Engine;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.SlotCommands;
import io.slotkeeper.redis.SlotCommands.Mark;
import io.slotkeeper.redis.SlotCommands.Transfer;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.migration.Pace.Item;
import io.slotkeeper.redis.migration.Pace.Load;
import io.slotkeeper.redis.migration.Progress.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One step of a move by {@code SETSLOT} and {@code MIGRATE}, in batches of slots.
 *
 * <p>The order within a batch is that of redis.io/commands/cluster-setslot: the destination expects
 * the slots before the source sends clients there; when the source is empty, the destination owns
 * the slots before the source gives them up, so that they have an owner whoever dies.
 */
final class ClassicStep {
  private static final int MOST_SLOTS = 200;
  private static final int MOST_KEYS = 20_000;
  private static final long MOST_BYTES = 64 << 20;
  private static final int PAGE = 10_000;
  private static final int LEAST_PAGE_OF_SLOT = 20;

  /** Valkey 8 and later: how many SETSLOT at once (see {@link SlotCommands#setSlots}). */
  private static final int PARALLEL = 16;

  private static final int MOST_FAILURES = 3;

  /** How fast a server is at least expected to take a key: bytes per millisecond. */
  private static final long LEAST_SPEED = 10_000;

  private final Fanout fanout;
  private final InstantSource clock;
  private final Move move;
  private final NodeSnapshot source;
  private final Tally tally;
  private final Pace pace;
  private final SlotCommands from;
  private final SlotCommands to;
  private final List<SlotCommands> others;
  private final int parallel;

  ClassicStep(
      RedisNodes nodes,
      Fanout fanout,
      InstantSource clock,
      Move move,
      Limits limits,
      NodeSnapshot source,
      Tally tally) {
    this.fanout = fanout;
    this.clock = clock;
    this.move = move;
    this.source = source;
    this.tally = tally;
    pace = new Pace(limits);
    from = nodes.at(move.source().endpoint()).slots();
    to = nodes.at(move.destination().endpoint()).slots();
    others = move.others().stream().map(party -> nodes.at(party.endpoint()).slots()).toList();
    parallel = source.engine() == Engine.VALKEY && Method.atLeast(source, 8, 0) ? PARALLEL : 1;
  }

  Progress run(Standing standing, Duration budget) {
    Instant deadline = clock.instant().plus(budget);
    if (source.databases() > 1) {
      // GETKEYSINSLOT and COUNTKEYSINSLOT of Valkey 9 tell of the selected database only.
      return tally.progress(
          State.FAILED,
          "slots of a cluster with more than one database (cluster-databases) can be moved only when"
              + " all its servers are Valkey 9 or later");
    }
    if (!standing.claimed().isEmpty()) {
      hand(standing.claimed());
      tally.slots(standing.claimed().size());
    }
    SlotSet open = standing.open();
    SlotSet closed = standing.here().minus(open);
    while (!open.isEmpty() || !closed.isEmpty()) {
      if (!clock.instant().isBefore(deadline)) {
        return tally.progress(State.RUNNING, "");
      }
      SlotSet batch = batch(open.isEmpty() ? closed : open);
      to.setSlots(batch, new Mark.Importing(move.source().id()), parallel);
      from.setSlots(batch, new Mark.Migrating(move.destination().id()), parallel);
      // A batch is finished even so, but for one that is much larger than it seemed.
      if (!drain(batch, batch.size() == 1 ? deadline : deadline.plus(budget))) {
        return tally.progress(State.RUNNING, "slots " + batch + " are large: not finished yet");
      }
      to.setSlots(batch, new Mark.Owned(move.destination().id()), parallel);
      hand(batch);
      tally.slots(batch.size());
      open = open.minus(batch);
      closed = closed.minus(batch);
    }
    return tally.progress(State.FINISHED, "");
  }

  /** As many slots as can be moved soon: they are open, and clients redirected, all that time. */
  private SlotSet batch(SlotSet slots) {
    SlotSet candidates = SlotSet.of(slots.stream().limit(MOST_SLOTS).toArray());
    Map<Integer, Long> counts = from.countKeys(candidates);
    long bytesPerKey = Math.max(1, source.usedMemory() / Math.max(1, source.keys()));
    long most = Math.clamp(MOST_BYTES / bytesPerKey, 1, MOST_KEYS);
    long keys = 0;
    int taken = 0;
    for (int slot : candidates.stream().toArray()) {
      keys += counts.getOrDefault(slot, 0L);
      if (taken > 0 && keys > most) {
        break;
      }
      taken++;
    }
    return SlotSet.of(candidates.stream().limit(taken).toArray());
  }

  /**
   * Moves all keys of open slots.
   *
   * @return whether the slots are empty; else it took too long
   */
  private boolean drain(SlotSet slots, Instant deadline) {
    int failures = 0;
    while (true) {
      int perSlot = Math.max(LEAST_PAGE_OF_SLOT, PAGE / slots.size());
      Map<Integer, List<Key>> page = new TreeMap<>(from.keys(slots, perSlot));
      if (page.isEmpty()) {
        return true;
      }
      Deque<Item> items = items(page);
      boolean answered = true;
      while (answered && !items.isEmpty()) {
        if (!clock.instant().isBefore(deadline)) {
          return false;
        }
        answered = send(pace.next(items, failures));
      }
      failures = answered ? 0 : failures + 1;
      if (failures == MOST_FAILURES) {
        throw new RedisErrorException(
            "source " + move.source() + " gets no answer from destination " + move.destination());
      }
    }
  }

  private Deque<Item> items(Map<Integer, List<Key>> page) {
    List<Long> sizes = from.sizes(page.values().stream().flatMap(List::stream).toList());
    Deque<Item> items = new ArrayDeque<>(sizes.size());
    int i = 0;
    for (Map.Entry<Integer, List<Key>> slot : page.entrySet()) {
      for (Key key : slot.getValue()) {
        items.add(new Item(slot.getKey(), key, sizes.get(i++)));
      }
    }
    return items;
  }

  /**
   * Moves some keys. What the destination has under their names is replaced: the source owns the
   * slot, sends clients away only for keys it does not have, and so holds the newer one.
   *
   * @return false where the destination did not answer: then it may have the keys or not, and the
   *     source still has them
   */
  private boolean send(Load load) {
    // The source serves nobody while it waits, and must not be taken for dead.
    long patience = source.nodeTimeoutMillis() / 2 / load.parcels().size();
    Duration silence = Duration.ofMillis(Math.max(100, patience) + load.bytes() / LEAST_SPEED);
    Transfer transfer = from.migrate(move.destination().endpoint(), load.parcels(), true, silence);
    tally.pause(transfer.pause());
    pace.took(load, transfer.pause());
    boolean answered = true;
    for (String error : transfer.errors()) {
      if (!error.startsWith("IOERR")) {
        throw new RedisErrorException(
            "MIGRATE from " + move.source() + " to " + move.destination() + ": " + error);
      }
      answered = false;
    }
    if (answered) {
      tally.keys(load.keys(), load.bytes());
    }
    return answered;
  }

  /** The destination owns the slots already; now the others hear of it. */
  private void hand(SlotSet slots) {
    Mark owned = new Mark.Owned(move.destination().id());
    try {
      from.setSlots(slots, owned, parallel);
    } catch (RedisErrorException e) {
      // It has lost its last slot, has heard so already, and has become a replica (redis #9223).
      if (!String.valueOf(e.getMessage()).contains("SETSLOT only with masters")) {
        throw e;
      }
    }
    var _ =
        fanout.map(
            others,
            other -> {
              try {
                other.setSlots(slots, owned, parallel);
                return true;
              } catch (RedisUnavailableException | RedisErrorException e) {
                return false; // it will hear of it on the cluster bus
              }
            });
  }
}
