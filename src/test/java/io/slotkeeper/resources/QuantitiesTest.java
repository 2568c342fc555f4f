package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1Ki, 1024",
    "1.5Gi, 1610612736",
    ".5k, 500",
    "5., 5",
    "1e3, 1000",
    "1E3, 1000",
    "1E, 1000000000000000000",
    "2M, 2000000",
    "100m, 1",
    "1500m, 2",
    "+1Mi, 1048576",
    "-1Gi, -1073741824",
    "0, 0",
    "9999Ei, 9223372036854775807",
    "1e999, 9223372036854775807"
  })
  void readsWhatKubernetesReads(String text, long bytes) {
    assertThat(Quantities.bytes(new Quantity(text))).isEqualTo(OptionalLong.of(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1GB", "abc", "1 Gi", "1,5Gi", "12x3", "-", "Gi", "1ki", "1e9999", "1K"})
  void knowsWhatIsNone(String text) {
    assertThat(Quantities.bytes(new Quantity(text))).isEmpty();
  }
}
