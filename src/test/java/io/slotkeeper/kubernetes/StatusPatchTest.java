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

  /** Another write of both may have got there, without an answer. */
  @Test
  void whatIsRememberedIsWrittenAsAWhole() {
    String patch =
        StatusPatch.between(
            "u",
            json("{\"members\":[1],\"shards\":[2],\"version\":\"7\"}"),
            json("{\"members\":[1],\"shards\":[3],\"version\":\"7\"}"));

    assertThat(json(patch))
        .isEqualTo(
            json(
                """
                [{"op":"test","path":"/metadata/uid","value":"u"},
                 {"op":"add","path":"/status/members","value":[1]},
                 {"op":"add","path":"/status/shards","value":[3]}]\
                """));
  }

  @Test
  void whatIsRememberedIsLeftAloneWhereNothingOfItChanges() {
    String patch =
        StatusPatch.between(
            "u",
            json("{\"members\":[1],\"shards\":[2],\"version\":\"7\"}"),
            json("{\"members\":[1],\"shards\":[2],\"version\":\"8\"}"));

    assertThat(json(patch))
        .isEqualTo(
            json(
                """
                [{"op":"test","path":"/metadata/uid","value":"u"},
                 {"op":"add","path":"/status/version","value":"8"}]\
                """));
  }

  @Test
  void halfOfWhatIsRememberedMayBeEmpty() {
    assertThat(json(StatusPatch.between("u", json("{\"a\":1}"), json("{\"a\":1,\"shards\":[3]}"))))
        .isEqualTo(
            json(
                """
                [{"op":"test","path":"/metadata/uid","value":"u"},
                 {"op":"add","path":"/status/shards","value":[3]},
                 {"op":"add","path":"/status/members","value":[]}]\
                """));
  }
}
