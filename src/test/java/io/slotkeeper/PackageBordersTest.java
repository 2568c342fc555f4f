package io.slotkeeper;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
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
  private static final String OURS = "io.slotkeeper";

  /** From the bottom up: a package may know those before it, and none of those after it. */
  private static final List<String> LAYERS =
      List.of(
          "api",
          "certificates",
          "operatorsettings",
          "redis",
          "redis.cluster",
          "redis.sentinel",
          "redis.migration",
          "redis.lettuce",
          "backup",
          "resources",
          "model",
          "reasons",
          "mode.cluster.resources",
          "mode.standalone.resources",
          "mode.sentinel.resources",
          "observe",
          "kubernetes",
          "plan",
          "mode.cluster.plan",
          "mode.standalone.plan",
          "mode.sentinel.plan",
          "mode",
          "execute",
          "report",
          "livesettings",
          "users",
          "reconcile",
          "app");

  /** What every mode uses, so it knows none. */
  private static final List<String> SHARED =
      List.of(
          "api",
          "operatorsettings",
          "redis",
          "resources",
          "model",
          "reasons",
          "observe",
          "plan",
          "kubernetes",
          "execute",
          "report",
          "livesettings",
          "users");

  /** What knows nothing of the servers' replication and slots. */
  private static final List<String> BASIC =
      List.of("api", "certificates", "operatorsettings", "redis", "resources", "model", "reasons");

  private static final List<String> PURE =
      List.of(
          "certificates",
          "resources",
          "model",
          "reasons",
          "mode.cluster.resources",
          "mode",
          "mode.standalone.resources",
          "mode.sentinel.resources",
          "mode.cluster.plan",
          "mode.standalone.plan",
          "mode.sentinel.plan",
          "observe",
          "plan",
          "report");

  private static final List<String> INPUT_AND_OUTPUT =
      List.of(
          "io.fabric8.kubernetes.client..",
          "io.javaoperatorsdk..",
          "io.lettuce..",
          "io.netty..",
          "java.net.http..",
          "java.nio.channels..");

  private final JavaClasses ours =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(OURS);

  @Test
  void everyPackageHasItsLayer() {
    List<String> packages =
        ours.stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .filter(name -> !name.equals(OURS))
            .map(name -> name.substring(OURS.length() + 1))
            .toList();

    assertThat(packages).containsExactlyInAnyOrderElementsOf(LAYERS);
  }

  @Test
  void arrowsPointDown() {
    for (int layer = 0; layer < LAYERS.size() - 1; layer++) {
      String[] above =
          LAYERS.subList(layer + 1, LAYERS.size()).stream()
              .map(name -> OURS + "." + name)
              .toArray(String[]::new);
      check(
          noClasses()
              .that()
              .resideInAPackage(OURS + "." + LAYERS.get(layer))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(above));
    }
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching(OURS + ".(**)").should().beFreeOfCycles());
  }

  @Test
  void whatIsSharedKnowsNoMode() {
    for (String shared : SHARED) {
      check(
          noClasses()
              .that()
              .resideInAPackage(OURS + "." + shared + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage(OURS + ".mode.."));
    }
  }

  /** The types of Redis Cluster are below: a class that uses them is part of a mode. */
  @Test
  void whatIsSharedKnowsNoRedisCluster() {
    for (String shared : BASIC) {
      check(
          noClasses()
              .that()
              .resideInAPackage(OURS + "." + shared)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(OURS + ".redis.cluster", OURS + ".redis.migration"));
    }
  }

  @Test
  void redisKnowsNoKubernetes() {
    check(
        noClasses()
            .that()
            .resideInAPackage(OURS + ".redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk.."));
    check(onlyItself("redis"));
  }

  /** It runs in processes of its own, next to the data: what it does not know, it cannot touch. */
  @Test
  void backupKnowsNoKubernetes() {
    check(
        noClasses()
            .that()
            .resideInAPackage(OURS + ".backup")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(OURS + ".backup")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "io.airlift.."));
  }

  @Test
  void onlyOnePackageKnowsLettuce() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(OURS + ".redis.lettuce")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(OURS + ".redis.lettuce", OURS + ".app")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(OURS + ".redis.lettuce"));
  }

  @Test
  void onlyOnePackageKnowsBouncyCastle() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(OURS + ".certificates")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.."));
    check(onlyItself("certificates"));
  }

  @Test
  void onlyOnePackageHasAClientOfTheApiServer() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(OURS + ".kubernetes", OURS + ".app")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient"));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(OURS + ".kubernetes", OURS + ".reconcile", OURS + ".app")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javaoperatorsdk.."));
  }

  @Test
  void decisionsArePure() {
    for (String pure : PURE) {
      check(
          noClasses()
              .that()
              .resideInAPackage(OURS + "." + pure)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(INPUT_AND_OUTPUT.toArray(String[]::new)));
    }
  }

  @Test
  void theApiDependsOnNothingOfOurs() {
    check(onlyItself("api"));
  }

  /** A file is one idea; one that needs more lines has two. */
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
        .resideInAPackage(OURS + "." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS + "..")
                .and(not(resideInAPackage(OURS + "." + name + "..")))
                .as("others of ours"));
  }

  private void check(ArchRule rule) {
    rule.check(ours);
  }
}
