package io.slotkeeper.resources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The user's part of an object laid over the operator's. */
final class MergePatch {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private MergePatch() {}

  /** Field by field, objects within objects; lists and values of the user replace. */
  static <T> T of(T own, @Nullable T user, Class<T> type) {
    if (user == null) {
      return own;
    }
    ObjectNode merged = JSON.valueToTree(own);
    merge(merged, JSON.valueToTree(user));
    return JSON.convertValue(merged, type);
  }

  private static void merge(ObjectNode own, ObjectNode user) {
    for (Map.Entry<String, JsonNode> field : user.properties()) {
      if (own.get(field.getKey()) instanceof ObjectNode inner
          && field.getValue() instanceof ObjectNode value) {
        merge(inner, value);
      } else {
        own.set(field.getKey(), field.getValue());
      }
    }
  }
}
