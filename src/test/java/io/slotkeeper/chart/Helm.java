package io.slotkeeper.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that render the chart. Helm must be in the PATH, where {@code dev/test} puts it. */
final class Helm {

  /** What a program printed, to either of its outputs. */
  record Result(boolean succeeded, String output) {}

  private Helm() {}

  /** Renders the chart as release {@code release}; options as for {@code helm template}. */
  static Result template(String release, String namespace, String... options) {
    var command = new ArrayList<>(List.of("helm", "template", release, Chart.DIRECTORY.toString()));
    command.addAll(List.of("--namespace", namespace, "--kube-version", "1.30.0"));
    command.addAll(List.of(options));
    return run(command);
  }

  static Result run(List<String> command) {
    try {
      Path output = Files.createTempFile("helm", ".out");
      try {
        var process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly();
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
