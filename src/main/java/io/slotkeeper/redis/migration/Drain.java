package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotCommands.SizedKey;
import io.slotkeeper.redis.cluster.SlotCommands.Transfer;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.KeyBatchSize.Item;
import io.slotkeeper.redis.migration.KeyBatchSize.Load;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Moves all keys of slots from one master to another, until the source has none of them. */
final class Drain {
  /** Keys listed at once: twice what a batch has, as slots have different numbers of keys. */
  private static final int PAGE = 40_000;

  private static final int LEAST_PAGE_OF_SLOT = 20;

  /** Listing them takes some milliseconds, in which the source serves no client. */
  private static final int MOST_PAGE_OF_SLOT = 3_000;

  private static final int MOST_FAILURES = 3;

  /** The minimum speed at which a server is expected to take a key: bytes per millisecond. */
  private static final long LEAST_SPEED = 10_000;

  /** Whose copy stays where both have a key. */
  enum Winner {
    /**
     * The source's: it owns the slots, and redirects clients only for keys that it does not have.
     */
    SOURCE,
    /** The destination's: it owns the slots, and no client can see the source's copy. */
    DESTINATION
  }

  private final RedisNodes nodes;
  private final MigrationEndpoint source;
  private final MigrationEndpoint destination;
  private final Winner winner;
  private final NodeSnapshot seen;
  private final InstantSource clock;
  private final ProgressCounter counter;
  private final SlotCommands from;
  private final SlotCommands to;
  private final KeyBatchSize batchSize;

  /**
   * @param seen the source's own state
   */
  Drain(
      RedisNodes nodes,
      InstantSource clock,
      MigrationEndpoint source,
      MigrationEndpoint destination,
      Winner winner,
      NodeSnapshot seen,
      MigrationLimits limits,
      ProgressCounter counter) {
    this.nodes = nodes;
    this.source = source;
    this.destination = destination;
    this.winner = winner;
    this.seen = seen;
    this.clock = clock;
    this.counter = counter;
    from = nodes.at(source.endpoint()).slots();
    to = nodes.at(destination.endpoint()).slots();
    batchSize = new KeyBatchSize(limits);
  }

  /**
   * @return whether the slots are empty; else it took too long
   */
  boolean run(SlotSet slots, Instant deadline) {
    int failures = 0;
    while (true) {
      int perSlot = Math.clamp(PAGE / slots.size(), LEAST_PAGE_OF_SLOT, MOST_PAGE_OF_SLOT);
      Map<Integer, List<SizedKey>> page = new TreeMap<>(from.keys(slots, perSlot));
      if (page.isEmpty()) {
        return true;
      }
      Deque<Item> items = items(page);
      boolean answered = true;
      while (answered && !items.isEmpty()) {
        if (!clock.instant().isBefore(deadline)) {
          return false;
        }
        prove(nodes, destination);
        answered = send(batchSize.next(items, failures));
      }
      failures = answered ? 0 : failures + 1;
      if (failures == MOST_FAILURES) {
        throw new RedisErrorException(source + " gets no answer from " + destination);
      }
    }
  }

  /**
   * The source deletes the keys that any server at an address accepts: a server that died since the
   * last load may have left its address to another one.
   */
  private static void prove(RedisNodes nodes, MigrationEndpoint endpoint) {
    NodeId id = nodes.at(endpoint.endpoint()).myId();
    if (!id.equals(endpoint.id())) {
      throw new RedisErrorException(
          "another server answers in place of %s: %s".formatted(endpoint, id.brief()));
    }
  }

  private static Deque<Item> items(Map<Integer, List<SizedKey>> page) {
    Deque<Item> items = new ArrayDeque<>();
    page.forEach((slot, keys) -> {
      for (SizedKey key : keys) {
        items.add(new Item(slot, key.key(), key.bytes()));
      }
    });
    return items;
  }

  /**
   * @return false where the destination did not answer: then it may have the keys or not, and the
   *     source still has them
   */
  private boolean send(Load load) {
    // The source serves no client while it waits, and must not be taken for dead.
    long patience = seen.nodeTimeoutMillis() / 2 / load.parcels().size();
    Duration silence = Duration.ofMillis(Math.max(100, patience) + load.bytes() / LEAST_SPEED);
    Transfer transfer =
        from.migrate(destination.endpoint(), load.parcels(), winner == Winner.SOURCE, silence);
    counter.pause(transfer.pause());
    batchSize.took(load, transfer.pause());
    boolean answered = true;
    boolean conflict = false;
    for (String error : transfer.errors()) {
      if (error.startsWith("IOERR")) {
        answered = false;
      } else if (error.contains("BUSYKEY") && winner == Winner.DESTINATION) {
        conflict = true;
      } else {
        throw new RedisErrorException(
            "MIGRATE from " + source + " to " + destination + ": " + error);
      }
    }
    if (conflict) {
      dropCopies(load);
    }
    if (answered) {
      counter.keys(load.keys());
    }
    return answered;
  }

  /** Deletes at the source, which imports the slots, what the destination has at this moment. */
  private void dropCopies(Load load) {
    List<Key> keys = load.parcels().stream().flatMap(parcel -> parcel.keys().stream()).toList();
    Set<Key> present = new HashSet<>(to.existing(keys));
    List<Key> copies = new ArrayList<>(keys);
    copies.retainAll(present);
    from.deleteImported(copies);
  }
}
