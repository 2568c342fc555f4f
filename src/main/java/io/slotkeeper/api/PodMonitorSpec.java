package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a Prometheus selects the PodMonitor by, and how often it scrapes. */
@ApiObject
public record PodMonitorSpec(
    @JsonPropertyDescription("Labels by which a Prometheus selects it.") @Size(max = 32)
        Map<String, String> labels,
    @JsonPropertyDescription("How often each server is scraped, such as 15s or 1m.")
        @Default("30s")
        @Pattern("^[1-9][0-9]{0,3}[sm]$")
        String interval) {

  /** The values where it is absent. */
  public static final PodMonitorSpec DEFAULT = new PodMonitorSpec(null, null);

  public PodMonitorSpec(@Nullable Map<String, String> labels, @Nullable String interval) {
    this.labels = Absent.toEmpty(labels);
    this.interval = Objects.requireNonNullElse(interval, "30s");
  }
}
