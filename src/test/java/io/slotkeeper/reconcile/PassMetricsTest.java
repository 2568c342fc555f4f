package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PassMetricsTest {
  private static final String SPEC =
      """
      apiVersion: slotkeeper.io/v1alpha1
      kind: Redis
      metadata: {name: x, namespace: ns, uid: uid of x, generation: 3}
      spec:
        version: "7.0"
        mode: Cluster
        storageType: Ephemeral
        auth: {disabled: true}
        cluster: {master: 1}
      """;

  private final MockClock clock = new MockClock();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
  private final PassMetrics metrics = new PassMetrics(registry);

  @Test
  void measureEachPassByItsResult() {
    String rest =
        metrics.measure(_ -> {
          clock.add(Duration.ofMillis(30));
          return "rest";
        });
    metrics.measure(failed -> {
      clock.add(Duration.ofSeconds(3));
      failed.run();
      return "rest";
    });
    assertThatIllegalStateException()
        .isThrownBy(() ->
            metrics.measure(_ -> {
              throw new IllegalStateException();
            }));

    assertThat(rest).isEqualTo("rest");
    assertThat(registry.scrape())
        .contains(
            "slotkeeper_pass_duration_seconds_bucket{result=\"succeeded\",le=\"0.025\"} 0",
            "slotkeeper_pass_duration_seconds_bucket{result=\"succeeded\",le=\"0.05\"} 1",
            "slotkeeper_pass_duration_seconds_sum{result=\"succeeded\"} 0.03",
            "slotkeeper_pass_duration_seconds_count{result=\"failed\"} 2");
  }

  @Test
  void aClockThatWasSetBackGivesNoLatency() {
    metrics.looked(Duration.ofMillis(-1));
    metrics.looked(Duration.ofMillis(7));

    assertThat(registry.scrape())
        .contains(
            "slotkeeper_look_duration_seconds_bucket{le=\"0.005\"} 0",
            "slotkeeper_look_duration_seconds_bucket{le=\"0.01\"} 1",
            "slotkeeper_look_duration_seconds_count 1");
  }

  @Test
  void aPassThatLooksAtItsServersSucceeds() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.pass();
      assertThat(one.passes("succeeded")).isEqualTo(1);
      assertThat(one.looks()).as("of no server").isZero();

      one.addPod("x-shard0-0", "127.1.2.3");
      one.pass();
      assertThat(one.passes("succeeded")).isEqualTo(2);
      assertThat(one.looks()).isEqualTo(1);
    }
  }

  @Test
  void aPassThatCannotLookHasFailed() throws IOException {
    try (OneRedis one = new OneRedis(SPEC)) {
      one.addPod("x-shard0-0", "127.1.2.3");
      one.server =
          () -> {
            throw new IllegalStateException("a defect");
          };
      one.pass();

      assertThat(one.passes("failed")).isEqualTo(1);
      assertThat(one.passes("succeeded")).isZero();
    }
  }
}
