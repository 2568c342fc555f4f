package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Mode;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnusablePasswordTest {

  private static Optional<Problem> of(Mode mode, String password) {
    return UnusablePassword.problem(mode, "own", password);
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

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatNoScriptCanPassOnIsRefusedInEachMode(Mode mode) {
    assertThat(of(mode, "a\0b"))
        .hasValueSatisfying(problem -> {
          assertThat(problem.message()).contains("Secret own", "zero byte").doesNotContain("a\0b");
        });
    assertThat(of(mode, "ä".repeat(16 * 1024 + 1))).isPresent();
    assertThat(of(mode, "ä".repeat(16 * 1024))).isEmpty();
  }

  @Test
  void anyOtherIsTaken() {
    assertThat(of(Mode.Sentinel, " it's \"quoted\" \\ $HOME `#` ; & %s ä€😀")).isEmpty();
  }
}
