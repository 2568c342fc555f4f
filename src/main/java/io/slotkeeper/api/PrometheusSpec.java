package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An exporter for the servers of one Redis, and how Prometheus finds it. */
@ApiObject
public record PrometheusSpec(
    @JsonPropertyDescription("The exporter: one for all servers.") ExporterSpec exporter,
    @JsonPropertyDescription(
            "The PodMonitor for the Prometheus Operator; it is created where that is installed.")
        PodMonitorSpec podMonitor) {

  public PrometheusSpec(@Nullable ExporterSpec exporter, @Nullable PodMonitorSpec podMonitor) {
    this.exporter = Objects.requireNonNullElse(exporter, ExporterSpec.DEFAULT);
    this.podMonitor = Objects.requireNonNullElse(podMonitor, PodMonitorSpec.DEFAULT);
  }
}
