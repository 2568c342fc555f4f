package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("kubernetes") // needs Helm, which comes with the local cluster
class RenderedFilesTest {

  @Test
  void areWhatTheChartGives(@TempDir Path fresh) throws IOException {
    var result = Program.run(List.of("dev/manifests", fresh.toString()));

    assertThat(result.succeeded()).as(result.output()).isTrue();
    try (var files = Files.walk(fresh)) {
      assertThat(files.filter(Files::isRegularFile).map(fresh::relativize))
          .hasSizeGreaterThan(3)
          .allSatisfy(file ->
              assertThat(file)
                  .as("rendered from the chart: run dev/manifests and commit what it writes")
                  .content()
                  .isEqualTo(Chart.read(fresh.resolve(file))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy/helm/slotkeeper/values.yaml", "dev/cluster/values.yaml"})
  void lintHasNothingToSay(String values) {
    var command = new ArrayList<>(List.of("helm", "lint", Chart.DIRECTORY.toString()));
    command.addAll(List.of("--strict", "--quiet", "--kube-version", "1.30.0", "--values", values));

    assertThat(Program.run(command)).isEqualTo(new Program.Result(true, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          settings.resync=10                            | at '/settings/resync': got number, want string
          settings.resync=soon                          | at '/settings/resync': 'soon' does not match pattern
          settings.leaseDuration=0s                     | at '/settings/leaseDuration': '0s' does not match pattern
          settings.logLevel=loud                        | at '/settings/logLevel': value must be one of
          settings.httpPort=80                          | at '/settings/httpPort': minimum: got 80, want 1,024
          settings.watchNamespaces={Team_A}             | at '/settings/watchNamespaces/0': 'Team_A' does not match pattern
          settings.watchnamespaces={team-a}             | at '/settings': additional properties 'watchnamespaces' not allowed
          replicaCount=3                                | additional properties 'replicaCount' not allowed
          image.pullPolicy=Sometimes                    | at '/image/pullPolicy': value must be one of
          imageRegistry=https://registry.example.com    | at '/imageRegistry': 'https://registry.example.com' does not match pattern
          redisVersions[0].engine=KeyDB                 | at '/redisVersions/0/engine': value must be one of 'Redis', 'Valkey'
          redisVersions[0].name=mine                    | missing properties 'engine', 'version', 'image'
          settings.leaderElection=false                 | replicas must be 1 when settings.leaderElection is false
          """)
  void wrongValuesAreRefusedByName(String value, String message) {
    var result = Helm.template("slotkeeper", "default", "--set", value);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.output()).contains(message);
  }

  @Test
  void withoutALeaseNoTwoPodsRunAtOnce() {
    var result =
        Helm.template("slotkeeper", "default", "--set", "settings.leaderElection=false,replicas=1");

    assertThat(result.output())
        .contains("type: Recreate")
        .doesNotContain("kind: Lease", "slotkeeper-lease");
  }
}
