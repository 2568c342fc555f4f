package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Key;
import io.slotkeeper.redis.cluster.SlotCommands.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How many keys are moved at a time, so that the clients of the source wait no longer than they
 * should. Starts carefully and learns from each pause; a key that is too large goes alone.
 */
final class KeyBatchSize {
  /** The cost of one key beyond its bytes, and of one command beyond its keys: also in bytes. */
  private static final long PER_KEY = 2_000;

  private static final long PER_COMMAND = 6_000;

  private static final long LEAST = 100_000;
  private static final long MOST = 100_000_000;

  /** When the destination is silent, each command waits for it, and the source with it. */
  private static final int MOST_PARCELS = 32;

  private final Duration target;
  private long allowance = 500_000;

  KeyBatchSize(MigrationLimits limits) {
    // A client's command may queue behind two loads, and half of the loads take longer.
    target = limits.maxPause().dividedBy(3);
  }

  /** A key to be moved. */
  record Item(int slot, Key key, long bytes) {}

  /** What is moved at once; each parcel is for one slot. */
  record Load(List<Parcel> parcels, int keys, long bytes, long cost) {}

  /**
   * Takes the next load from the front, one key at least.
   *
   * @param items of one slot side by side
   * @param failures how often the destination did not answer: then less is risked at a time
   */
  Load next(Deque<Item> items, int failures) {
    int most = Math.max(1, MOST_PARCELS >> (2 * failures));
    List<Parcel> parcels = new ArrayList<>();
    List<Key> parcel = new ArrayList<>();
    int slot = -1;
    int keys = 0;
    long bytes = 0;
    long cost = 0;
    while (!items.isEmpty()) {
      Item item = items.getFirst();
      boolean opens = item.slot() != slot;
      long more = item.bytes() + PER_KEY + (opens ? PER_COMMAND : 0);
      if (keys > 0 && cost + more > allowance) {
        break;
      }
      if (opens) {
        if (!parcel.isEmpty()) {
          parcels.add(new Parcel(parcel));
          parcel.clear();
        }
        if (parcels.size() == most) {
          break;
        }
        slot = item.slot();
      }
      parcel.add(items.removeFirst().key());
      keys++;
      bytes += item.bytes();
      cost += more;
    }
    if (!parcel.isEmpty()) {
      parcels.add(new Parcel(parcel));
    }
    return new Load(parcels, keys, bytes, cost);
  }

  /** Learns from a load; a small one only shows that something is slow, not how fast it is. */
  void took(Load load, Duration pause) {
    boolean full = load.cost() * 2 > allowance;
    if (!full && pause.compareTo(target) <= 0) {
      return;
    }
    double possible = (double) load.cost() * target.toNanos() / Math.max(1, pause.toNanos());
    // Half the way, in proportion: where others use the machine, one load of many takes longer.
    double next = full ? Math.sqrt(possible * allowance) : allowance / 2.0;
    allowance = Math.clamp((long) Math.min(next, allowance * 1.5), LEAST, MOST);
  }

  long allowance() {
    return allowance;
  }
}
