package io.slotkeeper.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {
  private static final String VALID = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void takesFortyHexadecimalDigits() {
    assertThat(NodeId.isValid(VALID)).isTrue();
    assertThat(new NodeId(VALID).brief()).isEqualTo("01234567");
  }

  /** The last have the right length, and one character next to the digits and letters. */
  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "0123456789abcdef0123456789abcdef0123456",
        "0123456789abcdef0123456789abcdef012345678",
        "0123456789ABCDEF0123456789abcdef01234567",
        "/123456789abcdef0123456789abcdef01234567",
        ":123456789abcdef0123456789abcdef01234567",
        "0123456789abcdef0123456789abcdef0123456`",
        "0123456789abcdef0123456789abcdef0123456g",
        "0123456789abcdef0123456789abcdef0123456\n"
      })
  void takesNothingElse(@Nullable String value) {
    assertThat(NodeId.isValid(value)).isFalse();
    if (value != null) {
      assertThatIllegalArgumentException().isThrownBy(() -> new NodeId(value));
    }
  }
}
