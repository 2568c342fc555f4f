package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/**
 * Changes of a status as a JSON patch (RFC 6902). Its first operation tests the uid, so that a
 * Redis that was deleted and created again does not get the status of the former one. It removes
 * fields that are no longer wanted, and leaves fields alone that this operator does not know.
 */
final class StatusPatch {
  /**
   * What the status remembers. It is written as a whole: after the lost reply of a write of both,
   * the API server has another memory than the operator, and a change of one field would leave half
   * of each.
   */
  private static final List<String> MEMORY = List.of("members", "shards");

  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  StatusPatch(String uid) {
    add("test", "/metadata/uid").put("value", uid);
  }

  private ObjectNode add(String operation, String path) {
    return operations.addObject().put("op", operation).put("path", path);
  }

  /** From one status to another. */
  static String between(String uid, JsonNode before, JsonNode after) {
    StatusPatch patch = new StatusPatch(uid);
    if (before.isEmpty()) {
      patch.add("add", "/status").set("value", after);
      return patch.operations.toString();
    }
    List<String> gone =
        before
            .propertyStream()
            .map(java.util.Map.Entry::getKey)
            .filter(f -> !after.has(f))
            .toList();
    gone.forEach(field -> patch.add("remove", "/status/" + field));
    boolean remembers =
        MEMORY.stream().anyMatch(field -> !Objects.equals(before.get(field), after.get(field)));
    after
        .properties()
        .forEach(field -> {
          boolean whole = remembers && MEMORY.contains(field.getKey());
          if (whole || !field.getValue().equals(before.get(field.getKey()))) {
            patch.add("add", "/status/" + field.getKey()).set("value", field.getValue());
          }
        });
    if (remembers) { // an empty list may be left out of a status
      MEMORY.stream()
          .filter(field -> !before.has(field) && !after.has(field))
          .forEach(field -> patch.add("add", "/status/" + field).putArray("value"));
    }
    return patch.operations.toString();
  }

  /** Some fields, whether or not they are set; there must be a status. */
  static String ofFields(String uid, JsonNode values) {
    StatusPatch patch = new StatusPatch(uid);
    values
        .properties()
        .forEach(
            field -> patch.add("add", "/status/" + field.getKey()).set("value", field.getValue()));
    return patch.operations.toString();
  }
}
