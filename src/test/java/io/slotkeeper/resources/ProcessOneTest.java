package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Process 1 of a container: the real scripts in a process namespace of their own. */
@EnabledOnOs(OS.LINUX)
class ProcessOneTest {
  private static final String SECRET = "open-sesame-5up3r";

  @TempDir Path root;
  private final java.util.List<Process> started = new java.util.ArrayList<>();

  /** A server that leaves an orphan behind, as a probe that is killed does, and ends on SIGTERM. */
  private static final String SERVER =
      """
      [ "$1" != - ] || exit 0
      sh -c 'sleep 0.1 & echo $! >"$SANDBOX/orphan"'
      trap 'echo stopped; exit 7' TERM
      echo $$ >"$SANDBOX/server"
      while :; do sleep 0.05; done
      """;

  @AfterEach
  void kill() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Returns when the server runs. */
  private ProcessHandle processOne(String shell, String server) {
    assumeTrue(canIsolate(), "no right to make a process namespace");
    Sandbox box = new Sandbox(root, "appendonly no\ncluster-node-timeout 5000\n");
    box.write("hostname", "\n");
    box.password(SECRET);
    box.program("bin/redis-server", server);
    box.program("bin/redis-cli", "exit 1\n");
    box.program("bin/sh", "exec " + shell + " \"$@\"\n");
    Process process =
        start(
            box,
            List.of(
                "/usr/bin/unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                "sh",
                box.path("config/start.sh").toString()));
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(box.path("server")));
    return process.children().findFirst().orElseThrow();
  }

  private static boolean canIsolate() {
    try {
      return new ProcessBuilder("/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "true")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(Sandbox box, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(box.path("output").toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "POD_IP",
                "10.0.0.1",
                "SANDBOX",
                root.toString(),
                "PATH",
                box.searchPath() + ":/usr/bin:/bin"));
    try {
      Process process = builder.start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String output() {
    try {
      return Files.readString(root.resolve("output"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/bin/dash", "/usr/bin/bash", "/usr/bin/busybox sh"})
  void reapsOrphansAndEndsAsTheServerDoes(String shell) throws IOException {
    assumeTrue(Files.exists(Path.of(shell.split(" ", 2)[0])), shell);
    ProcessHandle one = processOne(shell, SERVER);

    // The orphan has ended: a zombie would still be among the children of process 1.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            one.children().noneMatch(ProcessOneTest::isZombie) && one.children().count() == 1);
    assertThat(Files.readString(Path.of("/proc/%d/environ".formatted(one.pid()))))
        .contains("POD_IP=")
        .doesNotContain(SECRET);
    one.destroy();

    assertThat(Sandbox.exitCode(started.getFirst())).isEqualTo(7);
    assertThat(output()).endsWith("stopped\n");
  }

  private static boolean isZombie(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/%d/stat".formatted(process.pid()))).contains(") Z ");
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/usr/bin/dash", "/usr/bin/bash", "/usr/bin/busybox sh"})
  void aServerThatIsKilledEndsTheContainer(String shell) {
    assumeTrue(Files.exists(Path.of(shell.split(" ", 2)[0])), shell);
    ProcessHandle one = processOne(shell, SERVER);

    one.children().forEach(ProcessHandle::destroyForcibly);

    assertThat(Sandbox.exitCode(started.getFirst())).isEqualTo(137);
  }

  @Test
  void aServerThatCannotStartEndsTheContainerToo() {
    Sandbox box = new Sandbox(root, "appendonly no\n");
    box.program("bin/redis-server", "exit 1\n");
    box.program("bin/redis-cli", "exit 1\n");

    assertThat(Sandbox.exitCode(box.start("start.sh", Map.of("POD_IP", "10.0.0.1")))).isEqualTo(1);
  }
}
