package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Engine;
import io.slotkeeper.api.RedisVersionSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionChangeTest {

  @ParameterizedTest
  @CsvSource({
    "Redis, 7.0.15, Redis, 7.0.14, true", // a patch release back
    "Redis, 7.0.15, Redis, 7.2.0, true",
    "Redis, 7.0.15, Redis, 8.6.0-rc1, true",
    "Redis, 8.6.0, Redis, 8.0.5, false",
    "Redis, 8.6.0, Redis, 7.4.1, false",
    "Redis, 8.10.0, Redis, 8.9.0, false", // numbers, not texts
    "Redis, 7.2.4, Valkey, 8.1.0, true",
    "Redis, 7.4.0, Valkey, 9.1.0, false",
    "Redis, 8.0.0, Valkey, 9.1.0, false",
    "Valkey, 8.1.0, Redis, 8.6.0, false",
    "Valkey, 8.1.0, Valkey, 9.0.0, true",
    "Valkey, 9.0.0, Valkey, 8.1.0, false",
    "Redis, 255.255.255, Redis, 8.0.0, false",
    "Redis, odd, Redis, 8.0.0, true",
  })
  void aServerTakesThePlaceOfOneThatItCanRead(
      Engine running, String version, Engine wanted, String wantedVersion, boolean allowed) {
    var problem =
        VersionChange.objection(
            new RedisVersionSpec(wanted, wantedVersion, "image", false),
            java.util.List.of(new VersionChange.Server(running, version)));

    assertThat(problem.isEmpty()).isEqualTo(allowed);
  }
}
