package io.slotkeeper.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedVariablesTest {

  @ParameterizedTest
  @ValueSource(strings = {"HOSTNAME", "PATH", "LD_PRELOAD", "ENV", "REDISCLI_AUTH", "POD_IP"})
  void holdsWhatTheScriptsRelyOn(String name) {
    assertThat(ReservedVariables.contains(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TZ", "MALLOC_CONF", "HOSTNAME_SUFFIX", "MY_PATH", "LANG", "path"})
  void leavesTheRestToTheUser(String name) {
    assertThat(ReservedVariables.contains(name)).isFalse();
  }
}
