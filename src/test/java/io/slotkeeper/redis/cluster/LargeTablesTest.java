package io.slotkeeper.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a look at a large cluster must not grow with the square of its size. */
class LargeTablesTest {

  /** The heap of the operator, by default, is 102 MiB: dev/image/java.options. */
  @Test
  void tablesOfThreeHundredServersFitIntoAThirdOfTheHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx34m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeTables.class.getName(),
                    "300"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.strip()).isEqualTo("90000");
  }
}
