package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The dashboards are what Grafana loads, for any data source, and ask for what exists. */
class DashboardsTest {
  private static final Pattern METRIC = Pattern.compile("slotkeeper_\\w+");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
  private static final String MONITORING = Chart.read(Path.of("docs/monitoring.md"));

  @Test
  void areOffByDefault() {
    assertThat(Chart.rendered("default")).noneMatch(ConfigMap.class::isInstance);
  }

  @Test
  void areFoundByGrafanasSidecar() {
    assertThat(Chart.rendered("monitoring"))
        .filteredOn(ConfigMap.class::isInstance)
        .hasSize(3)
        .allSatisfy(map ->
            assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1"));
  }

  @Test
  void haveAnIdentityAndPanelsThatDoNotOverlap() {
    assertThat(Dashboards.all().values())
        .hasSize(3)
        .extracting(dashboard -> dashboard.get("uid").asText())
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.startsWith("slotkeeper-"));
    for (JsonNode dashboard : Dashboards.all().values()) {
      Set<String> cells = new HashSet<>();
      Dashboards.panels(dashboard)
          .forEach(panel -> {
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.get("w").asInt(); x++) {
              for (int y = 0; y < place.get("h").asInt(); y++) {
                assertThat(
                        cells.add(
                            (x + place.get("x").asInt()) + "," + (y + place.get("y").asInt())))
                    .as(panel.get("title").asText())
                    .isTrue();
              }
            }
          });
    }
  }

  @Test
  void haveNoDataSourceOfTheirOwnAndNoVariableThatIsNotThere() {
    for (JsonNode dashboard : Dashboards.all().values()) {
      Set<String> variables =
          StreamSupport.stream(dashboard.at("/templating/list").spliterator(), false)
              .map(variable -> variable.get("name").asText())
              .collect(Collectors.toSet());
      assertThat(variables).contains("datasource");
      variables.add("__rate_interval"); // Grafana's own
      assertThat(dashboard.findValues("datasource"))
          .allSatisfy(source -> assertThat(source.get("uid").asText()).isEqualTo("${datasource}"));
      assertThat(VARIABLE.matcher(dashboard.toString()).results().map(found -> found.group(1)))
          .isSubsetOf(variables);
    }
  }

  @Test
  void askForMetricsThatTheOperatorServes() {
    assertThat(
            Dashboards.all().values().stream()
                .flatMap(Dashboards::panels)
                .flatMap(Dashboards::expressions)
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(found -> found.group().replaceFirst("_(count|bucket)$", "")))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(MONITORING).contains("| `" + name + "` |"));
  }
}
