package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the chart: each is explained, asks for what exists, and fires when it should. */
class AlertsTest {
  private static final Pattern METRIC = Pattern.compile("slotkeeper_\\w+");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`(\\w+)`\\]\\(([^)]+)\\) \\|");
  private static final Path CASE = Chart.CASES.resolve("monitoring");
  private static final String MONITORING = Chart.read(Path.of("docs/monitoring.md"));
  private static final String RUNBOOK = Chart.read(Path.of("docs/failure-modes.md"));

  static JsonNode spec(String example) {
    return Chart.rendered(example).stream()
        .filter(object -> object.getKind().equals("PrometheusRule"))
        .map(
            rule -> Serialization.unmarshal(Serialization.asJson(rule), JsonNode.class).get("spec"))
        .findFirst()
        .orElseThrow();
  }

  static List<JsonNode> alerts(JsonNode spec) {
    return spec.findValues("rules").stream()
        .flatMap(rules -> Stream.iterate(0, i -> i < rules.size(), i -> i + 1).map(rules::get))
        .toList();
  }

  private static Set<String> names(JsonNode spec) {
    return alerts(spec).stream()
        .map(alert -> alert.get("alert").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void areOffByDefault() {
    assertThat(Chart.rendered("default"))
        .noneMatch(object -> object.getKind().equals("PrometheusRule"));
  }

  /** With series of single Redises off, alerts about these could never fire. */
  @Test
  void ofTheOperatorAloneNeedNoSeriesOfARedis() {
    assertThat(alerts(spec("everything")))
        .extracting(alert -> alert.get("expr").asText())
        .isNotEmpty()
        .noneMatch(expression -> expression.contains("slotkeeper_redis_"));
  }

  @Test
  void sayWhatToDo() {
    assertThat(alerts(spec("monitoring")))
        .allSatisfy(alert -> {
          String name = alert.get("alert").asText();
          JsonNode annotations = alert.get("annotations");
          assertThat(annotations.get("summary").asText()).endsWith(".");
          assertThat(annotations.get("description").asText()).contains("`kubectl ").endsWith(".");
          assertThat(annotations.get("runbook_url").asText())
              .endsWith("docs/failure-modes.md#" + name.toLowerCase(Locale.ROOT));
          assertThat(RUNBOOK).contains("\n### " + name + "\n");
          assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
        });
  }

  @Test
  void areAllListed() {
    assertThat(ROW.matcher(MONITORING).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(names(spec("monitoring")));
    String section = RUNBOOK.substring(RUNBOOK.indexOf("\n## Alerts\n"));
    assertThat(Pattern.compile("(?m)^### (\\w+)$").matcher(section).results())
        .extracting(heading -> heading.group(1))
        .containsAll(names(spec("monitoring")))
        .hasSameSizeAs(names(spec("monitoring")));
  }

  @Test
  void askForMetricsThatExist() {
    for (JsonNode alert : alerts(spec("monitoring"))) {
      String expression = alert.get("expr").asText();
      Matcher metric = METRIC.matcher(expression);
      assertThat(metric.results().map(found -> found.group().replaceFirst("_count$", "")))
          .allSatisfy(name -> assertThat(MONITORING).contains("| `" + name + "` |"));
      // The others are of the exporter: PrometheusTest has real ones.
      assertThat(expression).containsPattern("slotkeeper_|redis_\\w+\\{redis!=\"\",shard!=\"\"}");
    }
  }

  /** Prometheus itself evaluates them, against the series of {@code alerts.yaml}. */
  @Test
  @Tag("kubernetes") // needs promtool, which dev/test puts next to Helm
  void fireWhenTheyShouldAndOnlyThen(@TempDir Path directory) throws IOException {
    JsonNode spec = spec("monitoring");
    Path whole = Files.writeString(directory.resolve("whole.yaml"), spec.toString());
    assertThat(promtool("check", whole)).returns(true, Program.Result::succeeded);

    // A test of an alert has to repeat its annotations, or there are none.
    alerts(spec).forEach(alert -> ((ObjectNode) alert).remove("annotations"));
    Files.writeString(directory.resolve("rules.yaml"), spec.toString());
    Path tests = Files.copy(CASE.resolve("alerts.yaml"), directory.resolve("alerts.yaml"));
    assertThat(promtool("test", tests)).returns(true, Program.Result::succeeded);
    assertThat(names(spec))
        .allSatisfy(name -> assertThat(Chart.read(tests)).contains("- alertname: " + name + "\n"));
  }

  private static Program.Result promtool(String command, Path file) {
    return Program.run(List.of("promtool", command, "rules", file.toString()));
  }
}
