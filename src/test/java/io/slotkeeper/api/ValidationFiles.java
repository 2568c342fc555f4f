package io.slotkeeper.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files in {@code validation/}: {@code valid-*.yaml}, and {@code invalid-*.yaml} whose first
 * line is {@code # message: } and what the API server's answer must contain.
 */
final class ValidationFiles {

  private static final Path DIRECTORY = Path.of("src/test/resources/io/slotkeeper/api/validation");
  private static final String MESSAGE = "# message: ";

  private ValidationFiles() {}

  static Stream<Path> named(String prefix) {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file(String name) {
    return DIRECTORY.resolve(name);
  }

  static List<GenericKubernetesResource> documents(Path file) {
    return Arrays.stream(read(file).split("\n---\n"))
        .map(text -> Serialization.unmarshal(text, GenericKubernetesResource.class))
        .toList();
  }

  static String expectedMessage(Path file) {
    String first = read(file).lines().findFirst().orElse("");
    if (!first.startsWith(MESSAGE)) {
      throw new IllegalStateException(file + " must begin with '" + MESSAGE + "'");
    }
    return first.substring(MESSAGE.length());
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
