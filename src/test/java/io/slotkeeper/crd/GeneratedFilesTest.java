package io.slotkeeper.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GeneratedFilesTest {

  @TestFactory
  Stream<DynamicTest> isWhatTheRecordsGive() {
    return GeneratedFiles.all().entrySet().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getKey().toString(), () -> upToDate(file.getKey(), file.getValue())));
  }

  private static void upToDate(Path file, String content) {
    assertThat(file)
        .as(
            "made from the records of io.slotkeeper.api: run dev/generate and commit what it writes")
        .content()
        .isEqualTo(content);
  }

  @Test
  void everyFieldIsDescribed() {
    var lacking = new ArrayList<String>();
    for (Kind kind : Kind.ALL) {
      collectUndescribed(kind.type().getSimpleName(), Kind.schema(Crds.definition(kind)), lacking);
    }

    assertThat(lacking).isEmpty();
  }

  private static void collectUndescribed(String path, JsonNode schema, List<String> lacking) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String at = path + "." + property.getKey();
      if (property.getValue().path("description").asText().isBlank()) {
        lacking.add(at);
      }
      collectUndescribed(at, property.getValue(), lacking);
      collectUndescribed(at + "[]", property.getValue().path("items"), lacking);
    }
  }
}
