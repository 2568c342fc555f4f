package io.slotkeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each directory of examples with the {@code test} that is in it; those of {@code cluster}, {@code
 * standalone}, {@code sentinel}, {@code binding} and {@code users} follow pages.
 */
@OnCluster
class ExamplesTest {
  private static final Duration DEADLINE = Duration.ofMinutes(6);

  @TestFactory
  Stream<DynamicTest> everyExampleDoesWhatItSays(Space space) throws IOException {
    List<Path> examples;
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      examples = files.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(examples).hasSizeGreaterThan(5);
    return examples.stream().map(example -> test(space, example));
  }

  private static DynamicTest test(Space space, Path example) {
    Path test = example.resolve("test");
    return DynamicTest.dynamicTest(
        example.getFileName().toString(),
        test.toUri(),
        () ->
            Program.run(space.cluster().environment(), List.of(test.toString()), DEADLINE)
                .orFail());
  }
}
