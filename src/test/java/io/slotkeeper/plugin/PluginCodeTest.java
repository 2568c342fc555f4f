package io.slotkeeper.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.testing.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs the plugin's own checks, so that one summary covers all tests. */
@Tag("kubernetes") // needs Go, as the local cluster does
class PluginCodeTest {

  /** Compiles every library that it uses, the first time. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Test
  void itsOwnTestsPass() {
    String output = Program.run(Map.of(), List.of("dev/plugin", "check"), DEADLINE).orFail();

    assertThat(output).contains("slotkeeper.io/kubectl-slotkeeper/internal/screen");
  }
}
