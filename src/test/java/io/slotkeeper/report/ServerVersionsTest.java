package io.slotkeeper.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Remembered;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionsTest {

  private static ClusterView view(@Nullable String first, @Nullable String second) {
    return new ClusterView(
        Reports.NOW,
        List.of(Reports.member(0, true, first), Reports.member(1, true, second)),
        Remembered.NONE,
        Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "8.0.10, 8.0.9, 8.0.9",
    "7.0.15, 8.0.0, 7.0.15",
    "8.0, 8.0.0, 8.0",
    "8.6.0-rc1, 8.6.1, 8.6.0-rc1",
    "99999999999.1, 8.0, 99999999999.1",
    "unstable, 8.0, unstable"
  })
  void numbersAreComparedAsNumbers(String first, String second, String oldest) {
    assertThat(ServerVersions.oldest(view(first, second))).contains(oldest);
    assertThat(ServerVersions.oldest(view(second, first))).contains(oldest);
  }

  @Test
  void onlyServersThatAnswerCount() {
    assertThat(ServerVersions.oldest(view(null, "8.0.1"))).contains("8.0.1");
    assertThat(ServerVersions.oldest(view(null, null))).isEmpty();
  }
}
