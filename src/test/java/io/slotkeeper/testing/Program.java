package io.slotkeeper.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that tests call, found in the PATH, where {@code dev/test} puts kubectl and Helm. */
public final class Program {
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  /** What a program printed, to either of its outputs. */
  public record Result(boolean succeeded, String output) {

    /** The output of a program that must not fail. */
    public String orFail() {
      if (!succeeded) {
        // What went wrong is in the last lines, and a report may cut this short.
        List<String> lines = output.lines().toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LAST), lines.size());
        throw new AssertionError(
            "It ended with\n" + String.join("\n", last) + "\n\nAll of it:\n" + output);
      }
      return output;
    }
  }

  private static final int LAST = 30;

  private Program() {}

  public static Result run(List<String> command) {
    return run(Map.of(), command);
  }

  public static Result run(Map<String, String> environment, List<String> command) {
    return run(environment, command, DEADLINE);
  }

  /**
   * @param deadline when it is asked to end; it has half a minute for that
   */
  public static Result run(
      Map<String, String> environment, List<String> command, Duration deadline) {
    try {
      Path output = Files.createTempFile(Path.of(command.getFirst()).getFileName() + "-", ".out");
      try {
        var builder =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS);
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        return new Result(ended && process.exitValue() == 0, Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot run " + command.getFirst() + "; dev/test knows where it is", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
