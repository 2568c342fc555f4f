package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that {@code dev/generate} writes, relative to the root of the repository. */
final class GeneratedFiles {

  private static final List<Path> CRD_DIRECTORIES =
      List.of(Path.of("crds"), Path.of("deploy/helm/slotkeeper/crds"));

  private GeneratedFiles() {}

  static Map<Path, String> all() {
    var reference = new StringBuilder(ApiReference.HEADER);
    var files = new LinkedHashMap<Path, String>();
    for (Kind kind : Kind.ALL) {
      ObjectNode definition = Crds.definition(kind);
      String name = definition.at("/metadata/name").asText() + ".yaml";
      CRD_DIRECTORIES.forEach(
          directory -> files.put(directory.resolve(name), Crds.yaml(definition)));
      reference.append(new ApiReference(kind, definition).markdown());
    }
    files.put(Path.of("docs/api-reference.md"), reference.toString());
    return files;
  }

  public static void main(String[] args) throws IOException {
    for (var file : all().entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.writeString(file.getKey(), file.getValue());
    }
  }
}
