package io.slotkeeper.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The versions of one slot's key. Each is given once, so that what a former master took, and lost
 * by a failover, is not mistaken for what its successor took.
 */
final class Versions {
  /** From the first to the last they count for no more than another one. */
  private record Lost(int first, int last, int as) {}

  private final List<Lost> lost = new ArrayList<>();

  /** When each was acknowledged to a client. */
  final NavigableMap<Integer, Long> acknowledged = new TreeMap<>();

  /** When the key last came to another master: replicas have it a moment later, as a write. */
  private long movedAt;

  private int issued;

  int next() {
    return ++issued;
  }

  void moved(long now) {
    movedAt = now;
  }

  /** The last one that was acknowledged by then. */
  int settled(long time) {
    return acknowledged.descendingMap().entrySet().stream()
        .filter(version -> version.getValue() <= time)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  /** The last one up to this one that was acknowledged by then, and still counts; 0 for none. */
  int written(int version, long time) {
    return acknowledged.headMap(version, true).descendingMap().entrySet().stream()
        .filter(each -> each.getValue() <= time && kept(each.getKey()) == each.getKey())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  /** The master had it before that. */
  boolean isOlder(Map.Entry<Integer, Long> version, long time) {
    return version.getValue() < time && movedAt < time;
  }

  /** All that were given after this one are on a branch that was given up. */
  void continueAfter(int version) {
    if (version < issued) {
      lost.add(new Lost(version + 1, issued, version));
    }
  }

  /** The one that was given last is written where it will not stay, after another one. */
  void drop(int before) {
    lost.add(new Lost(issued, issued, before));
  }

  /** What a copy with this version has of those that count. */
  int kept(int version) {
    int kept = version;
    for (Lost range : lost.reversed()) {
      if (kept >= range.first() && kept <= range.last()) {
        kept = range.as();
      }
    }
    return kept;
  }
}
