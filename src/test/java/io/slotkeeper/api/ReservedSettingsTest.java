package io.slotkeeper.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedSettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dir",
        "port",
        "PORT",
        "cluster-enabled",
        "cluster-announce-ip",
        "requirepass",
        "tls-port"
      })
  void holdsWhatTheOperatorDependsOn(String setting) {
    assertThat(ReservedSettings.contains(setting)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"maxmemory", "cluster-node-timeout", "appendonly", "port-x", "directory", "save"})
  void leavesTheRestToTheUser(String setting) {
    assertThat(ReservedSettings.contains(setting)).isFalse();
  }
}
