package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kubectl exec POD -c redis -- redis-cli} runs: the real script, with a fake of it. */
@EnabledOnOs(OS.LINUX)
class CliScriptTest {
  @TempDir Path root;

  @SuppressWarnings("NullAway.Init") // by prepare()
  private Sandbox box;

  @BeforeEach
  void prepare() {
    box = new Sandbox(root, "");
  }

  /** Says by which name it was called, with which arguments and password. */
  private void image(String program) {
    box.program(
        program, "echo \"${0##*/} $# $* ${REDISCLI_AUTH-none}\"\nread -r line && echo \"$line\"\n");
  }

  /** What it prints, by the name that PATH finds. */
  private String cli(Map<String, String> environment, String name, String... arguments) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("PATH", environment.getOrDefault("PATH", box.searchPath()));
    return box.command(all, name, List.of(arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis-cli", "valkey-cli"})
  void isTheProgramOfTheImageByEitherName(String name) {
    image("bin/valkey-cli");

    assertThat(cli(Map.of(), name, "-c", "set", "a key", ""))
        .isEqualTo("valkey-cli 4 -c set a key  none\n");

    image("bin/redis-cli");

    assertThat(cli(Map.of(), name, "ping")).isEqualTo("redis-cli 1 ping none\n");
  }

  @Test
  void logsInWithThePasswordOfTheFile() {
    image("bin/redis-cli");
    box.password(" a $b\n");

    assertThat(cli(Map.of(), "redis-cli", "ping")).isEqualTo("redis-cli 1 ping  a $b\n\n");

    box.password("another");

    assertThat(cli(Map.of(), "redis-cli", "ping")).isEqualTo("redis-cli 1 ping another\n");

    box.password("");

    assertThat(cli(Map.of(), "redis-cli", "ping")).isEqualTo("redis-cli 1 ping none\n");
  }

  @Test
  void aPasswordThatIsGivenWins() {
    image("bin/redis-cli");
    box.password("of the file");

    assertThat(cli(Map.of("REDISCLI_AUTH", "mine"), "redis-cli")).endsWith(" mine\n");
    assertThat(cli(Map.of("VALKEYCLI_AUTH", "mine"), "redis-cli")).endsWith(" none\n");
    assertThat(cli(Map.of("REDISCLI_AUTH", ""), "redis-cli")).endsWith(" none\n");
  }

  @Test
  void readsItsInput() {
    box.program("bin/redis-cli", "cat\n");

    assertThat(
            box.command(
                Map.of("PATH", box.searchPath()), "sh", List.of("-c", "echo get a | redis-cli")))
        .isEqualTo("get a\n");
  }

  @Test
  void endsAsTheProgramDoes() {
    box.program("bin/redis-cli", "exit 3\n");

    assertThat(cli(Map.of(), "sh", "-c", "redis-cli; echo $?")).isEqualTo("3\n");
  }

  /** Wherever it stands in PATH: otherwise it would start itself endlessly. */
  @Test
  void doesNotFindItself() {
    image("bin/redis-cli");
    String path = box.path("tools") + ":" + box.searchPath() + ":" + box.path("config");

    assertThat(cli(Map.of("PATH", path), "redis-cli", "ping")).isEqualTo("redis-cli 1 ping none\n");
  }

  @Test
  void saysThatThereIsNone() {
    assertThat(cli(Map.of(), "sh", "-c", "redis-cli ping 2>&1; echo $?"))
        .isEqualTo("slotkeeper: there is neither redis-cli nor valkey-cli in this image\n127\n");
  }
}
