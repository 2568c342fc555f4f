package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Mode;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentinelPasswordTest {

  private static Optional<Problem> of(Mode mode, String password) {
    return SentinelPassword.problem(mode, "own", password);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with a line break\n", "a\tb", "\u007f", "\u0085"})
  void withAControlCharacterItIsRefused(String password) {
    assertThat(of(Mode.Sentinel, password))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(Reason.ConfigurationInvalid);
          assertThat(problem.message()).contains("Secret own").doesNotContain(password);
        });
    assertThat(of(Mode.Standalone, password)).isEmpty();
  }

  @Test
  void anyOtherIsTaken() {
    assertThat(of(Mode.Sentinel, " it's \"quoted\" \\ $HOME `#` ; & %s ä€😀")).isEmpty();
  }
}
