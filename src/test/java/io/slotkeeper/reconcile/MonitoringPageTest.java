package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/monitoring.md} lists what the operator serves, all of it and nothing else. */
class MonitoringPageTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(slotkeeper_\\w+)` \\| (\\w+) \\| ([^|]*)\\| .+ \\|$");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (slotkeeper_\\w+) (\\w+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Set<String> EACH = Set.of("namespace", "redis");

  /** Type and labels of a metric. */
  private record Metric(String type, Set<String> labels) {}

  @Test
  void listsEachMetricWithItsTypeAndLabels() throws IOException {
    assertThat(documented()).hasSizeGreaterThan(20).isEqualTo(served());
  }

  private static Map<String, Metric> documented() throws IOException {
    return ROW.matcher(Files.readString(Path.of("docs/monitoring.md")))
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row ->
                    new Metric(
                        row.group(2),
                        Stream.of(row.group(3).split(","))
                            .map(label -> label.replace("`", "").strip())
                            .filter(label -> !label.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new))),
                (a, _) -> a,
                TreeMap::new));
  }

  private static Map<String, Metric> served() {
    String text = ServedMetrics.everything().scrape();
    return TYPE.matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                type -> type.group(1),
                type -> new Metric(type.group(2), labels(type, text)),
                (a, _) -> a,
                TreeMap::new));
  }

  private static Set<String> labels(MatchResult type, String text) {
    Set<String> labels =
        text.lines()
            .filter(line -> line.matches(type.group(1) + "(_bucket|_sum|_count)?[{ ].*"))
            .flatMap(line -> LABEL.matcher(line).results())
            .map(label -> label.group(1))
            .filter(label -> !label.equals("le")) // of each histogram
            .collect(Collectors.toCollection(TreeSet::new));
    if (type.group(1).startsWith("slotkeeper_redis_")) {
      assertThat(labels).as(type.group(1)).containsAll(EACH);
      labels.removeAll(EACH);
    }
    return labels;
  }
}
