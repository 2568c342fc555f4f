package io.slotkeeper.operatorsettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorSettingsTest {

  @Test
  void hasDefaults() {
    OperatorSettings settings = OperatorSettings.from(Map.of());
    assertThat(settings.watchNamespaces()).isEmpty();
    assertThat(settings.resync()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.metricsPerRedis()).isTrue();
    assertThat(settings.exporterImage()).contains("redis_exporter:v");
    assertThat(settings.scrapeNamespaces()).isEmpty();
  }

  @Test
  void readsTheEnvironment() {
    OperatorSettings settings =
        OperatorSettings.from(
            Map.of(
                "SLOTKEEPER_WATCH_NAMESPACES", "a, b,",
                "SLOTKEEPER_LEASE_DURATION", "1m",
                "SLOTKEEPER_COMMAND_TIMEOUT", "500ms",
                "SLOTKEEPER_LEADER_ELECTION", "true",
                "SLOTKEEPER_METRICS_PER_REDIS", "false",
                "SLOTKEEPER_EXPORTER_IMAGE", "mine/exporter:1",
                "SLOTKEEPER_SCRAPE_NAMESPACES", "monitoring,more"));
    assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("a", "b");
    assertThat(settings.leaseDuration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.commandTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.leaderElection()).isTrue();
    assertThat(settings.metricsPerRedis()).isFalse();
    assertThat(settings.exporterImage()).isEqualTo("mine/exporter:1");
    assertThat(settings.scrapeNamespaces()).containsExactlyInAnyOrder("monitoring", "more");
  }

  @ParameterizedTest
  @CsvSource({
    "SLOTKEEPER_RESYNC, soon",
    "SLOTKEEPER_RESYNC, 0s",
    "SLOTKEEPER_HTTP_PORT, 70000",
    "SLOTKEEPER_MAX_SERVERS, many",
    "SLOTKEEPER_MAX_SERVERS, 0",
    "SLOTKEEPER_LEADER_ELECTION, yes"
  })
  void namesWhatIsWrong(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorSettings.from(Map.of(name, value)))
        .withMessageContaining(name)
        .withMessageContaining(value);
  }
}
