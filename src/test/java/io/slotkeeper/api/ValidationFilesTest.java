package io.slotkeeper.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationFilesTest {

  @Test
  void theTutorialIsTheExample() {
    assertThat(ValidationFiles.file("valid-tutorial.yaml"))
        .hasSameTextualContentAs(Path.of("examples/cluster/redis.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"redises", "redisusers", "redisversions"})
  void everyRuleIsBrokenByAFile(String plural) {
    String yaml = ValidationFiles.read(Path.of("crds", plural + ".slotkeeper.io.yaml"));
    var messages = new ArrayList<String>();
    collect(Serialization.unmarshal(yaml, JsonNode.class), messages);
    List<String> expected =
        ValidationFiles.named("invalid-").map(ValidationFiles::expectedMessage).toList();

    assertThat(messages).isNotEmpty();
    assertThat(messages)
        .allSatisfy(message ->
            assertThat(expected)
                .anySatisfy(found ->
                    assertThat(found.startsWith(message) || message.startsWith(found)).isTrue()));
  }

  private static void collect(JsonNode schema, List<String> messages) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      // An expression begins with a literal, which is enough to know it by.
      messages.add(
          rule.has("messageExpression")
              ? rule.get("messageExpression").asText().split("'", 3)[1]
              : rule.get("message").asText());
    }
    schema.forEach(child -> collect(child, messages));
  }
}
