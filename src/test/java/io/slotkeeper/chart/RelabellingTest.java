package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus makes the right request of a server's pod. Debian's finds no pods by itself, so
 * the labels that it would find are given to it.
 */
@Tag("servers")
class RelabellingTest {
  private static final String FOUND =
      """
          static_configs:
            - targets: ['10.1.2.3:6379']
              labels:
                __meta_kubernetes_namespace: demo
                __meta_kubernetes_pod_name: everything-shard0-1
                __meta_kubernetes_pod_label_slotkeeper_io_redis: everything
                __meta_kubernetes_pod_label_slotkeeper_io_shard: "0"
                __meta_kubernetes_service_name: everything-gvr
                __meta_kubernetes_service_annotation_slotkeeper_io_exporter: everything-exporter.demo.svc:9121
                __meta_kubernetes_endpoint_port_name: redis
            - targets: ['10.1.2.3:16379']
              labels:
                __meta_kubernetes_service_annotation_slotkeeper_io_exporter: everything-exporter.demo.svc:9121
                __meta_kubernetes_endpoint_port_name: bus
      """;

  @TempDir Path directory;

  /** The page's job must leave out the second of the found targets, the cluster bus. */
  @Test
  void byTheJobOfThePage() {
    String page = Chart.read(Path.of("docs/monitoring.md"));
    String job = page.substring(page.indexOf("scrape_configs:\n  - job_name: slotkeeper-servers"));
    String found = "    kubernetes_sd_configs:\n      - role: endpoints\n";
    assertThat(job).contains(found);

    assertTarget(job.substring(0, job.indexOf("```")).replace(found, FOUND));
  }

  /** Only the port {@code redis} is a target: a PodMonitor says so, not its relabelling. */
  @Test
  void byThePodMonitor() {
    JsonNode endpoint =
        Chart.tree(
                Path.of(
                    "src/test/resources/io/slotkeeper/resources/everything-set",
                    "out-PodMonitor-everything-exporter.yaml"))
            .at("/spec/podMetricsEndpoints/0");
    String one = FOUND.substring(0, FOUND.indexOf("      - targets: ['10.1.2.3:16379']"));

    assertTarget(
        "scrape_configs:\n  - job_name: servers\n    metrics_path: %s\n"
                .formatted(endpoint.get("path").asText())
            + one
            + "    relabel_configs: "
            + Serialization.asJson(endpoint.get("relabelings"))
                .replace("sourceLabels", "source_labels")
                .replace("targetLabel", "target_label")
            + "\n");
  }

  private void assertTarget(String config) {
    try (PrometheusServer prometheus = new PrometheusServer(directory)) {
      prometheus.startPrometheus(config, "groups: []");
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThat(prometheus.targets())
                  .singleElement()
                  .satisfies(target -> {
                    assertThat(
                            URLDecoder.decode(
                                target.get("scrapeUrl").asText(), StandardCharsets.UTF_8))
                        .isEqualTo(
                            "http://everything-exporter.demo.svc:9121/scrape?target="
                                + "redis://everything-shard0-1.everything-gvr.demo.svc:6379");
                    assertThat(target.at("/labels/instance").asText())
                        .isEqualTo("everything-shard0-1");
                    assertThat(target.at("/labels/redis").asText()).isEqualTo("everything");
                    assertThat(target.at("/labels/shard").asText()).isEqualTo("0");
                  }));
    }
  }
}
