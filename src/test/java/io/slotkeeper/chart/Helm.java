package io.slotkeeper.chart;

import io.slotkeeper.testing.Program;
import java.util.ArrayList;
import java.util.List;

/** Renders the chart. Helm must be in the PATH, where {@code dev/test} puts it. */
final class Helm {

  private Helm() {}

  /** Renders the chart as release {@code release}; options as for {@code helm template}. */
  static Program.Result template(String release, String namespace, String... options) {
    var command = new ArrayList<>(List.of("helm", "template", release, Chart.DIRECTORY.toString()));
    command.addAll(List.of("--namespace", namespace, "--kube-version", "1.30.0"));
    command.addAll(List.of(options));
    return Program.run(command);
  }
}
