package io.slotkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages lead nowhere else than they say. */
class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Set<String> NOT_OURS = Set.of("target", ".git");

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.find(Path.of(""), 10, (path, _) -> isPage(path))) {
      return files.sorted().toList();
    }
  }

  private static boolean isPage(Path path) {
    return path.toString().endsWith(".md") && !NOT_OURS.contains(path.getName(0).toString());
  }

  @Test
  void thereArePages() throws IOException {
    assertThat(pages()).contains(Path.of("README.md"), Path.of("docs/architecture.md"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void itsLinksLeadSomewhere(Path page) throws IOException {
    List<String> broken =
        LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
            .results()
            .map(result -> result.group(1))
            .filter(link -> !link.matches("[a-z]+:.*"))
            .filter(link -> !leadsSomewhere(page, link))
            .toList();
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || headings(target).contains(parts[1]));
  }

  /** As GitHub makes anchors of them. */
  private static Set<String> headings(Path page) {
    try {
      return HEADING
          .matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
          .results()
          .map(PagesTest::anchor)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }

  /** The tests run it against every mode. */
  @Test
  void thePageAboutBindingsShowsTheApplication() throws IOException {
    assertThat(Files.readString(Path.of("docs/binding.md")))
        .contains(
            "```java\n" + Files.readString(Path.of("examples/binding/Application.java")) + "```",
            "```yaml\n" + Files.readString(Path.of("examples/binding/redis.yaml")) + "```");
  }

  @Test
  void thePageAboutUsersShowsTheManifestThatItApplies() throws IOException {
    assertThat(Files.readString(Path.of("docs/users.md")))
        .contains("```yaml\n" + Files.readString(Path.of("examples/users/redis.yaml")) + "```");
  }

  /** Which a test applies to a real API server. */
  @Test
  void thePageAboutMonitoringShowsAManifestThatIsTaken() throws IOException {
    Path manifest = Path.of("src/test/resources/io/slotkeeper/api/validation/valid-monitor.yaml");
    assertThat(Files.readString(Path.of("docs/monitoring.md")))
        .contains("```yaml\n" + Files.readString(manifest) + "```");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster", "standalone"})
  void aTutorialShowsTheManifestThatItApplies(String example) throws IOException {
    String manifest = Files.readString(Path.of("examples", example, "redis.yaml"));
    assertThat(Files.readString(Path.of("docs/tutorial-" + example + ".md")))
        .contains("```yaml\n" + manifest + "```");
  }
}
