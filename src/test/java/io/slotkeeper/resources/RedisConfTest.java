package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfTest {

  @Test
  void readsSettingsByTheirCanonicalNames() {
    assertThat(
            parse(
                """
                # a comment

                  MaxMemory   100mb
                slave-priority 10
                notify-keyspace-events ""
                maxmemory 200mb
                """))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "maxmemory", "200mb", "replica-priority", "10", "notify-keyspace-events", "\"\""));
  }

  @Test
  void linesThatAddUpDo() {
    assertThat(parse("save 900 1\nsave 60 100")).containsEntry("save", "900 1 60 100");
    assertThat(parse("save 900 1\nsave \"\"")).containsEntry("save", "\"\"");
    assertThat(parse("save \"\"\nsave 60 1")).containsEntry("save", "60 1");
    assertThat(RedisConf.render(parse("loadmodule a.so\nloadmodule b.so 1")))
        .isEqualTo("loadmodule a.so\nloadmodule b.so 1\n");
  }

  @Test
  void anEmptyValueIsWrittenAsSuch() {
    assertThat(RedisConf.render(Map.of("save", ""))).isEqualTo("save \"\"\n");
  }

  @ParameterizedTest
  @CsvSource({"requirepass", "RequirePass", "slaveof", "replicaof", "slave-announce-ip", "port"})
  void refusesWhatBelongsToTheOperator(String setting) {
    assertThatThrownBy(() -> parse("maxmemory 1gb\n" + setting + " x"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "ConfigMap c, redis.conf, line 2 must not set %s: this setting belongs to the operator;"
                + " remove it",
            setting);
  }

  @Test
  void refusesANameWithoutAValue() {
    assertThatThrownBy(() -> parse("appendonly"))
        .hasMessage(
            "ConfigMap c, redis.conf, line 1: appendonly has no value: write a name and a value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a", "'a", "\"a\"b", "'a\\'", "\"a\\\""})
  void refusesQuotesThatAServerCannotRead(String value) {
    assertThatThrownBy(() -> parse("proc-title-template " + value))
        .hasMessageContaining("proc-title-template has unbalanced quotes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "'a b' c", "'it\\'s'", "\"a \\\" b\"", "a\\", "\"\" \"\""})
  void takesQuotesThatAServerReads(String value) {
    assertThat(parse("proc-title-template " + value)).containsEntry("proc-title-template", value);
  }

  private static Map<String, String> parse(String text) {
    return RedisConf.parse(text, "ConfigMap c, redis.conf");
  }
}
