package io.slotkeeper.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Grafana dashboards of the chart. */
final class Dashboards {

  private Dashboards() {}

  /** By the names of their ConfigMaps. */
  static Map<String, JsonNode> all() {
    Map<String, JsonNode> dashboards = new TreeMap<>();
    for (var object : Chart.rendered("monitoring")) {
      if (object instanceof ConfigMap map) {
        map.getData()
            .forEach((_, json) ->
                dashboards.put(
                    map.getMetadata().getName(), Serialization.unmarshal(json, JsonNode.class)));
      }
    }
    return dashboards;
  }

  static Stream<JsonNode> panels(JsonNode dashboard) {
    return StreamSupport.stream(dashboard.get("panels").spliterator(), false);
  }

  static Stream<String> expressions(JsonNode panel) {
    return StreamSupport.stream(panel.get("targets").spliterator(), false)
        .map(target -> target.get("expr").asText());
  }
}
