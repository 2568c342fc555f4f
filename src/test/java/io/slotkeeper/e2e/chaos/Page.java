package io.slotkeeper.e2e.chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one writer wrote into one list: 1, 2, 3, …, each sent once, the next only after the answer
 * or the failure of the one before. Written by one thread until it is closed, then read by another.
 */
final class Page {

  /**
   * An acknowledged write.
   *
   * @param at when the answer came
   * @param replicas how many the server said have it, too; 0 where it was not asked
   */
  record Acknowledged(long number, Instant at, int replicas) {}

  private final String key;
  private final int shard;
  private final TreeMap<Long, Acknowledged> acknowledged = new TreeMap<>();
  private long tried;
  private int keptLength;
  private int keptHash;

  Page(String key, int shard) {
    this.key = key;
    this.shard = shard;
  }

  String key() {
    return key;
  }

  int shard() {
    return shard;
  }

  long next() {
    return ++tried;
  }

  void acknowledge(long number, Instant at, int replicas) {
    acknowledged.put(number, new Acknowledged(number, at, replicas));
  }

  int writes() {
    return acknowledged.size();
  }

  long withReplicas() {
    return acknowledged.values().stream().filter(write -> write.replicas() > 0).count();
  }

  /** How long the list was when it was kept. */
  long keptLength() {
    return keptLength;
  }

  boolean isAsKept(List<Long> list) {
    return list.size() == keptLength && list.hashCode() == keptHash;
  }

  /** Those that are not in the list. Each is reported once. */
  List<Acknowledged> lost(List<Long> list) {
    Set<Long> there = new HashSet<>(list);
    List<Acknowledged> lost =
        acknowledged.values().stream().filter(write -> !there.contains(write.number())).toList();
    lost.forEach(write -> acknowledged.remove(write.number()));
    return lost;
  }

  /**
   * What no fault excuses: what was never sent, and acknowledged writes twice or out of order. One
   * that was not acknowledged may be there, at any place: its server may have been slow.
   */
  List<String> impossible(List<Long> list) {
    List<String> problems = new ArrayList<>();
    Map<Long, Integer> seen = new HashMap<>();
    long last = 0;
    for (long number : list) {
      if (number < 1 || number > tried) {
        problems.add(key + " holds " + number + ", which was never written");
      }
      if (seen.merge(number, 1, Integer::sum) > 1) {
        problems.add(key + " holds " + number + " twice");
      }
      if (acknowledged.containsKey(number)) {
        if (number < last) {
          problems.add(key + " holds " + number + " after " + last);
        }
        last = number;
      }
    }
    return problems;
  }

  /** No write in it is so young any more that a fault could take it: it must stay as it is. */
  void keep(List<Long> list) {
    keptLength = list.size();
    keptHash = list.hashCode();
    acknowledged.clear();
  }
}
