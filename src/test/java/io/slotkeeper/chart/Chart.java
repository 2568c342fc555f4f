package io.slotkeeper.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart's files, and the cases that are rendered from it by {@code dev/manifests}. */
final class Chart {

  static final Path DIRECTORY = Path.of("deploy/helm/slotkeeper");
  static final Path CASES = Path.of("src/test/resources/io/slotkeeper/chart");

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Chart() {}

  /** A case is a directory with {@code values.yaml} and {@code rendered.yaml}. */
  static List<HasMetadata> rendered(String example) {
    return objects(read(CASES.resolve(example).resolve("rendered.yaml")));
  }

  /** All objects of several YAML documents. */
  static List<HasMetadata> objects(String yaml) {
    return Stream.of(yaml.split("(?m)^---\\R"))
        .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
        .map(document -> (HasMetadata) SERIALIZATION.unmarshal(document))
        .toList();
  }

  static JsonNode tree(Path file) {
    return SERIALIZATION.unmarshal(read(file), JsonNode.class);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
