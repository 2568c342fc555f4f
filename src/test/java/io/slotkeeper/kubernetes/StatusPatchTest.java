package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class StatusPatchTest {

  private static JsonNode json(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }

  @Test
  void testsTheUidFirstAndRemovesWhatIsGone() {
    String patch =
        StatusPatch.between(
            "u", json("{\"a\":1,\"b\":2,\"c\":[3]}"), json("{\"a\":1,\"c\":[4],\"d\":5}"));

    assertThat(json(patch))
        .isEqualTo(
            json(
                """
                [{"op":"test","path":"/metadata/uid","value":"u"},
                 {"op":"remove","path":"/status/b"},
                 {"op":"add","path":"/status/c","value":[4]},
                 {"op":"add","path":"/status/d","value":5}]\
                """));
  }

  @Test
  void aFirstStatusIsAddedWhole() {
    assertThat(json(StatusPatch.between("u", json("{}"), json("{\"a\":1}"))))
        .isEqualTo(
            json(
                """
                [{"op":"test","path":"/metadata/uid","value":"u"},
                 {"op":"add","path":"/status","value":{"a":1}}]\
                """));
  }
}
