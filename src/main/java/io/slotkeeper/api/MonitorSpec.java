package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the servers are monitored. */
@ApiObject
public record MonitorSpec(
    @JsonPropertyDescription(
            "Metrics of each server for Prometheus, from an exporter beside the pods; {} turns it on.")
        @Nullable PrometheusSpec prometheus) {

  /** Nothing. */
  public static final MonitorSpec NONE = new MonitorSpec(null);

  /** Empty where there is no exporter. */
  public Optional<PrometheusSpec> exported() {
    return Optional.ofNullable(prometheus);
  }
}
