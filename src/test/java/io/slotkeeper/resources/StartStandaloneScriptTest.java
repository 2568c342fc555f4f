package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real start script of mode Standalone, with a server and a redis-cli that are not. */
@EnabledOnOs(OS.LINUX)
class StartStandaloneScriptTest {
  private static final String CONF = "appendonly yes\n";

  private static final String ANNOUNCED = CONF + "replica-announce-ip 10.0.0.1\n";
  private static final String NO_ROLE = "replicaof 127.0.0.1 1\n";
  private static final String PRIMARY =
      "config_file:/run/slotkeeper/demo/single/redis.conf\r\nrole:master\r\n";
  private static final String REPLICA =
      "config_file:/run/slotkeeper/demo/single/redis.conf\r\nrole:slave\r\n";

  @TempDir Path root;

  /** Servers say what is in answers/POD; the name of one without such a file is not known. */
  private Sandbox box(int replicas) {
    Sandbox box =
        new Sandbox(root, CONF, Case.named("standalone").blueprint().withSize(1, replicas));
    box.program("bin/redis-server", "[ \"$1\" != - ] || exit 1\necho \"server $*\"\n");
    box.program(
        "bin/redis-cli",
        """
        echo "$*" >>"$SANDBOX/asked"
        pod=${2%.single-gvr}
        case $5 in
        info) cat "$SANDBOX/answers/$pod" 2>/dev/null ||
          echo "Could not connect to Redis at $2:6379: Name or service not known" >&2 ;;
        config) printf 'replica-announce-ip\\r\\n%s\\r\\n' "10.0.0.${pod##*-}2" ;;
        esac
        """);
    return box;
  }

  private static String start(Sandbox box, String pod) {
    String output = box.run("start.sh", Map.of("POD_IP", "10.0.0.1", "HOSTNAME", pod));
    assertThat(output).contains("server " + box.path("run") + "/demo/single/redis.conf\n");
    assertThat(box.path("run/heard")).doesNotExist();
    return box.read("run/demo/single/redis.conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/bin/dash", "/usr/bin/bash", "/usr/bin/busybox sh"})
  void thePrimaryIsFollowedByItsAddress(String shell) {
    assumeTrue(Files.exists(Path.of(shell.split(" ", 2)[0])), shell);
    Sandbox box = box(5);
    box.program("bin/sh", "exec " + shell + " \"$@\"\n");
    box.write("answers/single-shard0-0", REPLICA);
    box.write("answers/single-shard0-5", PRIMARY);

    assertThat(start(box, "single-shard0-2"))
        .isEqualTo(ANNOUNCED + "appendonly yes\nreplicaof 10.0.0.52 6379\n");
    assertThat(box.read("asked").lines())
        .containsExactlyInAnyOrder(
            "-h single-shard0-0.single-gvr -p 6379 info server replication",
            "-h single-shard0-1.single-gvr -p 6379 info server replication",
            "-h single-shard0-3.single-gvr -p 6379 info server replication",
            "-h single-shard0-4.single-gvr -p 6379 info server replication",
            "-h single-shard0-5.single-gvr -p 6379 info server replication",
            "-h single-shard0-5.single-gvr -p 6379 config get replica-announce-ip");
  }

  @Test
  void aServerThatIsAloneIsThePrimary() {
    assertThat(start(box(0), "single-shard0-0")).isEqualTo(ANNOUNCED + "appendonly yes\n");
  }

  @Test
  void onlyTheFirstPodCanBeAlone() {
    assertThat(start(box(0), "single-shard0-1")).endsWith(NO_ROLE);
  }

  @Test
  void whereReplicasAreWantedNoneIsAlone() {
    assertThat(start(box(1), "single-shard0-0")).endsWith(NO_ROLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Could not connect to Redis at single-shard0-3.single-gvr:6379: Name or service not known        | alone
          Could not connect to Valkey at single-shard0-3.single-gvr:6379: Name does not resolve           | alone
          Could not connect to Redis at single-shard0-3.single-gvr:6379: No address associated with hostname | alone
          Could not connect to Redis at single-shard0-3.single-gvr:6379: Temporary failure in name resolution | passive
          Could not connect to Redis at single-shard0-3.single-gvr:6379: Try again                        | passive
          Could not connect to Redis at single-shard0-3.single-gvr:6379: Connection refused               | passive
          Could not connect to Redis at single-shard0-3.single-gvr:6379: No route to host                 | passive
          ''                                                                                              | passive
          NOAUTH Authentication required.                                                                 | passive
          WRONGPASS invalid username-password pair or user is disabled.                                   | passive
          config_file:/run/slotkeeper/demo/single/redis.conf~role:slave                                   | passive
          config_file:/run/slotkeeper/demo/single/accepted.conf~role:master                               | follows
          config_file:/run/slotkeeper/demo/single/redis.conf                                              | passive
          config_file:/run/slotkeeper/other/single/redis.conf~role:master                                 | passive
          config_file:/run/slotkeeper/demo/singles/redis.conf~role:master                                 | passive
          config_file:/run/slotkeeper/redis.conf~role:master                                              | passive
          role:master                                                                                     | passive
          """)
  void whatAnotherSaysDecides(String answer, String expected) {
    Sandbox box = box(0);
    box.write("answers/single-shard0-3", answer.replace("~", "\r\n") + "\r\n");

    assertThat(start(box, "single-shard0-0"))
        .isEqualTo(
            ANNOUNCED
                + "appendonly yes\n"
                + switch (expected) {
                  case "alone" -> "";
                  case "passive" -> NO_ROLE;
                  default -> "replicaof 10.0.0.32 6379\n";
                });
  }

  @Test
  void aPrimaryIsNotFollowedWhereAnotherCannotBeAsked() {
    Sandbox box = box(2);
    box.write("answers/single-shard0-1", PRIMARY);
    box.write("answers/single-shard0-2", "");

    assertThat(start(box, "single-shard0-0")).endsWith(NO_ROLE);
  }

  @Test
  void aPrimaryWithoutAnAddressIsNotFollowed() {
    Sandbox box = box(1);
    box.write("answers/single-shard0-1", PRIMARY);
    box.program(
        "bin/redis-cli", "[ \"$5\" != info ] || cat \"$SANDBOX/answers/single-shard0-1\"\n");

    assertThat(start(box, "single-shard0-0")).endsWith(NO_ROLE);
  }

  /** Its server may hang, or its name may lead nowhere for long. */
  @Test
  void aSilentServerIsNotWaitedForLong() {
    Sandbox box = box(0);
    box.program("bin/redis-cli", "exec /usr/bin/sleep 1000\n");

    assertThat(start(box, "single-shard0-0")).endsWith(NO_ROLE);
  }
}
