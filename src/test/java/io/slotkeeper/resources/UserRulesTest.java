package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserRulesTest {

  @Test
  void areSplitAtSpaces() {
    assertThat(
            UserRules.words(
                List.of("~a:* +@read", " -@dangerous\n+config|get ", "(~b:*  %R~c:* +get)", " ")))
        .containsExactly(
            "~a:*", "+@read", "-@dangerous", "+config|get", "(~b:*", "%R~c:*", "+get)");
  }

  @Test
  void mayBeAbsent() {
    assertThat(UserRules.words(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">secret",
        "<secret",
        "#0000",
        "!0000",
        "+@read >secret",
        "~a\t>secret",
        "(>secret)",
        "((>secret"
      })
  void bringNoPassword(String rule) {
    assertThatThrownBy(() -> UserRules.words(List.of("~*", rule)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("spec.rules[1]")
        .hasMessageContaining("spec.secretRef")
        .hasMessageNotContaining("0000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"on", "OFF", "NoPass", "reset", "RESETPASS", "+get off", "(on", "on)", "(nopass)"})
  void letNoOneIn(String rule) {
    assertThatThrownBy(() -> UserRules.words(List.of(rule)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("spec.rules[0]")
        .hasMessageContaining("spec.suspended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~a\0b", "~a\u001b", "~\u0085"})
  void haveNoControlCharacters(String rule) {
    assertThatThrownBy(() -> UserRules.words(List.of(rule)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("control character");
  }

  /** Only whole words are about the login. */
  @ParameterizedTest
  @ValueSource(strings = {"~on", "+off", "resetkeys", "resetchannels", "~>a", "%W~#b", "&!c", "~ü"})
  void mayLookLikeIt(String rule) {
    assertThat(UserRules.words(List.of(rule))).containsExactly(rule);
  }
}
