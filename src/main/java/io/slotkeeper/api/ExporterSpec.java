package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Deployment of redis_exporter. */
@ApiObject
public record ExporterSpec(
    @JsonPropertyDescription(
            "The image of redis_exporter; that of the operator's configuration if left out.")
        @Size(min = 1, max = 512)
        @Nullable String image,
    @JsonPropertyDescription(
            "Requests and limits of the exporter; 10m of CPU, 32Mi of memory and a limit of 128Mi if left out.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription(
            "Further flags of redis_exporter, each with its value in one item, such as -include-system-metrics or"
                + " -connection-timeout=3s. The flags about addresses, passwords and TLS belong to the operator.")
        @Size(max = 32)
        @ValidationRule(
            value = "self.all(arg, arg.matches('^--?[a-z][a-z0-9._-]*(=.*)?$'))",
            message =
                "spec.monitor.prometheus.exporter.args has an item that is no flag: write each flag with its value in"
                    + " one item, such as -connection-timeout=3s")
        @ValidationRule(
            value =
                "self.all(arg,"
                    + " !arg.matches('^--?(redis[.]|web[.]|basic-auth|tls-|skip-tls|debug|redact|disable-exporting|namespace|script)'))",
            message =
                "spec.monitor.prometheus.exporter.args has a flag that belongs to the operator, shows passwords or data, or"
                    + " renames the metrics: remove -redis.*, -web.*, -basic-auth-*, -tls-*, -skip-tls-verification,"
                    + " -debug, -redact-config-metrics, -disable-exporting-key-values, -namespace and -script")
        List<String> args) {

  /** The values where it is absent. */
  public static final ExporterSpec DEFAULT = new ExporterSpec(null, null, null);

  public ExporterSpec(
      @Nullable String image,
      @Nullable ResourceRequirements resources,
      @Nullable List<String> args) {
    this.image = Absent.toNull(image);
    this.resources = resources;
    this.args = Absent.toEmpty(args);
  }
}
