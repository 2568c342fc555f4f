package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.api.ReservedSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
                'hash-max-ziplist-entries' "12"
                "\\x68z" '20'
                notify-keyspace-events ""
                maxmemory 200mb
                """))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "maxmemory",
                "200mb",
                "replica-priority",
                "10",
                "hash-max-listpack-entries",
                "12",
                "hz",
                "20",
                "notify-keyspace-events",
                "\"\""));
  }

  @Test
  void linesEndWhereAServerThinksSo() {
    assertThat(parse("maxmemory 100mb\r\n\thz\t20\r\n")).containsOnlyKeys("maxmemory", "hz");
    assertThat(parse("hz 20\rport 1")).containsExactlyEntriesOf(Map.of("hz", "20 port 1"));
    assertThat(parse("\u000bhz 20")).containsEntry("hz", "20");
    assertThatThrownBy(() -> parse("hz 20\0\nport 1"))
        .hasMessage(
            "ConfigMap c, redis.conf, line 1: a server cannot read this: it contains a NUL character");
  }

  @Test
  void linesThatAddUpDo() {
    assertThat(parse("save 900 1\nsave 60 100")).containsEntry("save", "900 1 60 100");
    assertThat(parse("save \"900 1\"\nSAVE '60' 100")).containsEntry("save", "900 1 60 100");
    assertThat(parse("save 900 1\nsave ''")).containsEntry("save", "\"\"");
    assertThat(parse("save \"\"\nsave 60 1")).containsEntry("save", "60 1");
  }

  @Test
  void twoTextsThatMeanTheSameAreTheSame() {
    assertThat(parse("appendonly 'yes'"))
        .isEqualTo(parse("AppendOnly \"\\x79es\""))
        .isEqualTo(RedisConf.of(Map.of("appendonly", "\"yes\""), "spec.config"))
        .containsEntry("appendonly", "yes");
  }

  @Test
  void whatIsRenderedIsReadAsTheSame() {
    var settings = parse("proc-title-template ' \\x41 \"{title}\" \\' ü '\nsave ''\nhz 20");
    assertThat(parse(RedisConf.render(settings))).isEqualTo(settings);
    assertThat(RedisConf.plain(settings.getOrDefault("proc-title-template", "")))
        .isEqualTo(" \\x41 \"{title}\" ' ü ");
  }

  @Test
  void whatServersSkipIsLeftOut() {
    assertThat(parse("list-max-ziplist-entries 512\nhz 20")).containsOnlyKeys("hz");
  }

  @Test
  void anEmptyValueOfTheMapIsWrittenAsSuch() {
    assertThat(RedisConf.render(RedisConf.of(Map.of("save", ""), "spec.config")))
        .isEqualTo("save \"\"\n");
  }

  @Test
  void oneSettingUnderTwoNamesIsRefusedInTheMap() {
    assertThatThrownBy(() ->
            RedisConf.of(
                Map.of("hash-max-listpack-entries", "1", "hash-max-ziplist-entries", "2"),
                "spec.config"))
        .hasMessage(
            "spec.config sets hash-max-listpack-entries under two of its names: remove"
                + " hash-max-ziplist-entries");
  }

  @ParameterizedTest
  @CsvSource({
    "requirepass,requirepass",
    "RequirePass,requirepass",
    "slaveof,slaveof",
    "slave-announce-ip,slave-announce-ip",
    "PrimaryAuth,primaryauth",
    "\"user\",user",
    "'rename-command',rename-command",
    "\"\\x69nclude\",include",
    "\"dir\",dir",
    "\"unixsocket\",unixsocket",
    "loadmodule,loadmodule",
    "enable-debug-command,enable-debug-command",
    "enable-protected-configs,enable-protected-configs"
  })
  void refusesWhatBelongsToTheOperatorHoweverItIsWritten(String written, String setting) {
    assertThatThrownBy(() -> parse("maxmemory 1gb\n" + written + " x"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "ConfigMap c, redis.conf, line 2 must not set %s: this setting belongs to the operator;"
                + " remove it",
            setting);
  }

  @ParameterizedTest
  @MethodSource("aliases")
  void anAliasOfAReservedSettingIsReserved(String alias, String name) {
    assertThat(ReservedSettings.contains(alias)).isEqualTo(ReservedSettings.contains(name));
    assertThat(SettingNames.canonical(name)).isEqualTo(name);
  }

  static Object[][] aliases() {
    return SettingNames.ALIASES.entrySet().stream()
        .map(alias -> new Object[] {alias.getKey(), alias.getValue()})
        .toArray(Object[][]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max memory", "", "ünicode", "-x", "9", "a\\nport", "#"})
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> parse("\"" + name + "\" x"))
        .hasMessageStartingWith("ConfigMap c, redis.conf, line 1: ")
        .hasMessageContaining("is not the name of a setting");
  }

  @Test
  void refusesANameWithoutAValue() {
    assertThatThrownBy(() -> parse("appendonly"))
        .hasMessage(
            "ConfigMap c, redis.conf, line 1: appendonly has no value: write a name and a value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a",
        "'a",
        "\"a\"b",
        "'a\\'",
        "\"a\\\"",
        "\"\\xff\"",
        "\"\\x00\"",
        "\"a\"\u000b"
      })
  void refusesValuesThatAServerCannotReadOrThatAreNoText(String value) {
    assertThatThrownBy(() -> parse("# one\nproc-title-template " + value))
        .hasMessageStartingWith("ConfigMap c, redis.conf, line 2: a server cannot read this: ");
    assertThatThrownBy(() -> RedisConf.of(Map.of("proc-title-template", value), "spec.config"))
        .hasMessageStartingWith("spec.config.proc-title-template: a server cannot read this: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\"         | a",
        "'a b' c       | \"a b\" c",
        "'it\\'s'      | \"it's\"",
        "\"a \\\" b\"  | \"a \\\" b\"",
        "a\\           | \"a\\\\\"",
        "\"\" \"\"     | \"\" \"\"",
        "x\"y z\"      | \"xy z\"",
        "\"a\\tb\"     | \"a\\x09b\"",
        "\"\\xc3\\xbc\"| \"\\xc3\\xbc\"",
        "ü             | \"\\xc3\\xbc\""
      })
  void takesWhatAServerReads(String value, String canonical) {
    assertThat(parse("proc-title-template " + value))
        .containsEntry("proc-title-template", canonical);
  }

  private static Map<String, String> parse(String text) {
    return RedisConf.parse(text, "ConfigMap c, redis.conf");
  }
}
