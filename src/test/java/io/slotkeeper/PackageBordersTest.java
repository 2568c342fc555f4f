package io.slotkeeper;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The borders that keep decisions pure and input and output thin (docs/architecture.md). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageBordersTest {
  private static final int MAX_LINES = 400;
  private static final String CLIENT = "io.fabric8.kubernetes.client..";
  private static final List<String> INPUT_AND_OUTPUT =
      List.of(
          CLIENT,
          "io.javaoperatorsdk..",
          "io.lettuce..",
          "io.netty..",
          "java.net.http..",
          "java.nio.channels..");

  private final JavaClasses ours =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.slotkeeper");

  @Test
  void redisKnowsNoKubernetes() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.slotkeeper.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk.."));
    check(onlyItself("redis"));
  }

  @Test
  void onlyRedisKnowsLettuce() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.slotkeeper.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty.."));
  }

  @Test
  void decisionsArePure() {
    for (String pure : List.of("plan", "status", "resources")) {
      check(
          noClasses()
              .that()
              .resideInAPackage("io.slotkeeper." + pure + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(INPUT_AND_OUTPUT.toArray(String[]::new)));
    }
  }

  @Test
  void theApiDependsOnNothingOfOurs() {
    check(onlyItself("api"));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("io.slotkeeper.(*)..").should().beFreeOfCycles());
  }

  /** A file is one idea; whoever needs more lines has two. */
  @Test
  void filesAreShort() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String directory : List.of("src", "dev", "examples", ".ci")) {
      try (Stream<Path> all = Files.walk(Path.of(directory))) {
        all.filter(Files::isRegularFile).filter(PackageBordersTest::isCode).forEach(files::add);
      }
    }

    assertThat(files).contains(Path.of("src/main/java/io/slotkeeper/package-info.java"));
    assertThat(files)
        .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThan(MAX_LINES));
  }

  private static boolean isCode(Path file) {
    String name = file.getFileName().toString();
    try {
      return name.endsWith(".java")
          || name.endsWith(".sh")
          || (!name.contains(".") && Files.readString(file).startsWith("#!"));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static ArchRule onlyItself(String name) {
    return noClasses()
        .that()
        .resideInAPackage("io.slotkeeper." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.slotkeeper..")
                .and(not(resideInAPackage("io.slotkeeper." + name + "..")))
                .as("others of ours"));
  }

  private void check(ArchRule rule) {
    rule.check(ours);
  }
}
