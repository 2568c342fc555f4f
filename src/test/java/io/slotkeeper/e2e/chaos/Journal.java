package io.slotkeeper.e2e.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run has seen, as a table for docs/reliability.md. */
final class Journal {

  /**
   * One fault to one Redis.
   *
   * @param whole from the fault until it was whole again
   * @param stall the longest time without an acknowledged write
   */
  record Entry(String fault, Duration whole, Duration stall, Subject.Reading reading) {}

  private final Map<String, List<Entry>> entries = new TreeMap<>();

  void add(Entry entry) {
    entries.computeIfAbsent(entry.fault(), _ -> new ArrayList<>()).add(entry);
  }

  String table() {
    var table =
        new StringBuilder(
            """
            | fault | n | whole again: median | max | longest stall of writes: median | max | lost: plain | with `WAIT 1` |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """);
    entries.forEach((fault, of) -> table.append(row(fault, of)));
    return table
        .append(row("all", entries.values().stream().flatMap(List::stream).toList()))
        .toString();
  }

  private static String row(String fault, List<Entry> of) {
    List<Duration> whole = of.stream().map(Entry::whole).sorted().toList();
    List<Duration> stall = of.stream().map(Entry::stall).sorted().toList();
    return "| %s | %d | %s | %s | %s | %s | %d | %d |\n"
        .formatted(
            fault,
            of.size(),
            seconds(whole.get(whole.size() / 2)),
            seconds(whole.getLast()),
            seconds(stall.get(stall.size() / 2)),
            seconds(stall.getLast()),
            of.stream()
                .mapToLong(entry -> entry.reading().lost() - entry.reading().lostWithReplicas())
                .sum(),
            of.stream().mapToLong(entry -> entry.reading().lostWithReplicas()).sum());
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /** Acknowledged writes that were looked for. */
  String writes() {
    List<Entry> all = entries.values().stream().flatMap(List::stream).toList();
    return "%d writes acknowledged, %d of them with a replica that has them"
        .formatted(
            all.stream().mapToLong(entry -> entry.reading().writes()).sum(),
            all.stream().mapToLong(entry -> entry.reading().withReplicas()).sum());
  }
}
