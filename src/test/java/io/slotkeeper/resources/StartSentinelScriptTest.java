package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real scripts of a Sentinel, with a server and a redis-cli that are not. */
@EnabledOnOs(OS.LINUX)
class StartSentinelScriptTest {
  /** Of five Sentinels. */
  private static final String POD = "primary-sentinel-3";

  @TempDir Path root;
  private Sandbox box;

  /** Sentinels say what is in answers/POD; one without such a file does not answer. */
  @BeforeEach
  void open() {
    box = new Sandbox(root, "", Case.named("sentinel").blueprint());
    box.program("bin/redis-server", "echo \"server $*\"\n");
    box.program(
        "bin/redis-cli",
        """
        echo "$*" >>"$SANDBOX/asked"
        cat "$SANDBOX/answers/${2%.primary-gvr}" 2>/dev/null
        """);
  }

  private String start(Map<String, String> more) {
    Map<String, String> environment = new java.util.TreeMap<>(more);
    environment.put("POD_IP", "10.0.0.1");
    environment.put("HOSTNAME", POD);
    assertThat(box.run("start-sentinel.sh", environment))
        .endsWith("server " + box.path("run") + "/sentinel.conf --sentinel\n");
    assertThat(box.path("run/heard")).doesNotExist();
    return box.read("run/sentinel.conf")
        .replaceAll("(?m)^sentinel myid [0-9a-f]{40}$", "sentinel myid <id>");
  }

  private String own() {
    return """
    port 26379
    dir %s
    protected-mode no
    sentinel myid <id>
    sentinel announce-ip 10.0.0.1
    """
        .formatted(box.path("run"));
  }

  private static String answer(String ip, long epoch) {
    return String.join(
        "\r\n",
        "name",
        "orders",
        "ip",
        ip,
        "port",
        "6379",
        "runid",
        "",
        "flags",
        "master",
        "down-after-milliseconds",
        "3000",
        "config-epoch",
        Long.toString(epoch),
        "quorum",
        "3",
        "failover-timeout",
        "60000",
        "parallel-syncs",
        "1",
        "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/bin/dash", "/usr/bin/bash", "/usr/bin/busybox sh"})
  void learnsThePrimaryOfTheNewestTermFromTheOthers(String shell) {
    assumeTrue(Files.exists(Path.of(shell.split(" ", 2)[0])), shell);
    box.program("bin/sh", "exec " + shell + " \"$@\"\n");
    box.write("answers/primary-sentinel-0", answer("10.0.0.8", 9));
    box.write("answers/primary-sentinel-1", answer("10.0.0.9", 10));
    box.write("answers/primary-sentinel-2", "\r\n");
    box.write("answers/primary-sentinel-4", "NOAUTH Authentication required.\r\n");

    assertThat(start(Map.of()))
        .isEqualTo(
            own()
                + """
                sentinel monitor orders 10.0.0.9 6379 3
                sentinel config-epoch orders 10
                sentinel current-epoch 10
                sentinel down-after-milliseconds orders 3000
                sentinel failover-timeout orders 60000
                sentinel parallel-syncs orders 1
                """);
    assertThat(box.read("asked").lines())
        .containsExactlyInAnyOrder(
            "-h primary-sentinel-0.primary-gvr -p 26379 sentinel master orders",
            "-h primary-sentinel-1.primary-gvr -p 26379 sentinel master orders",
            "-h primary-sentinel-2.primary-gvr -p 26379 sentinel master orders",
            "-h primary-sentinel-4.primary-gvr -p 26379 sentinel master orders");
  }

  @Test
  void waitsForTheOperatorWhereNoOtherKnows() {
    assertThat(start(Map.of())).isEqualTo(own());
  }

  @Test
  void aPasswordOfAnyCharactersIsWrittenAsBytes() {
    box.write("answers/primary-sentinel-0", answer("10.0.0.8", 9));

    box.password("a \"\\\n");

    assertThat(start(Map.of()))
        .contains(
            "requirepass \"\\x61\\x20\\x22\\x5c\\x0a\"\n",
            "sentinel sentinel-pass \"\\x61\\x20\\x22\\x5c\\x0a\"\n",
            "sentinel auth-pass orders \"\\x61\\x20\\x22\\x5c\\x0a\"\n");
  }

  /** Or the others would remember one more Sentinel after each restart. */
  @Test
  void theIdFollowsFromTheName() {
    start(Map.of());
    String first = box.read("run/sentinel.conf");
    start(Map.of());
    assertThat(box.read("run/sentinel.conf")).isEqualTo(first);
    assertThat(first).containsPattern("(?m)^sentinel myid [0-9a-f]{40}$");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.8~6379                                    | true
          fd00::8~6379                                     | true
          ''                                               | false
          Could not connect to Redis at 127.0.0.1:26379    | false
          NOAUTH Authentication required.                  | true
          """)
  void isReadyOnceItKnowsAPrimary(String answer, boolean ready) {
    box.program("bin/redis-cli", "printf '%s\\n' '" + answer.replace("~", "\n") + "'\n");

    Process probe = box.start("ready-sentinel.sh", Map.of());

    assertThat(Sandbox.exitCode(probe) == 0).isEqualTo(ready);
  }
}
