package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.api.ShardStatus;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Fills what fabric8's generator leaves out of a schema, walking the schema and the record it was
 * made of side by side: integer formats, whole numbers as bounds, bounds for what rules iterate
 * over, keys of lists, Kubernetes' own types. Properties and enums come in the order of the source.
 */
final class SchemaRefinement {

  /** The field that tells the items of a list apart: makes it mergeable by server-side apply. */
  private static final Map<Class<?>, String> KEYS =
      Map.of(
          Condition.class, "type",
          ShardStatus.class, "name",
          MemberStatus.class, "pod",
          EnvVar.class, "name");

  /** The longest string in a map or list: the API server wants bounds to price the rules. */
  private static final int MAX_LENGTH = 4096;

  private final KubernetesTypes kubernetes = KubernetesTypes.load();

  void refine(ObjectNode schema, Type type) {
    wholeNumbers(schema);
    deduplicateRules(schema);
    switch (type) {
      case ParameterizedType list when list.getRawType() == List.class ->
          refineList(schema, list.getActualTypeArguments()[0]);
      case ParameterizedType map when map.getRawType() == Map.class ->
          refineElement(
              (ObjectNode) schema.get("additionalProperties"), map.getActualTypeArguments()[1]);
      case Class<?> c when c.isRecord() -> refineRecord(schema, c);
      case Class<?> c when c.isEnum() -> refineEnum(schema, c);
      case Class<?> c when c == int.class || c == Integer.class -> schema.put("format", "int32");
      case Class<?> c when c == long.class || c == Long.class -> schema.put("format", "int64");
      case Class<?> c when c == Quantity.class || KubernetesResource.class.isAssignableFrom(c) ->
          replace(schema, kubernetes.schema(c.getSimpleName()));
      case Class<?> c when c == String.class || c == boolean.class -> {}
      default -> throw new IllegalArgumentException("no schema for " + type);
    }
  }

  private void refineRecord(ObjectNode schema, Class<?> type) {
    var properties = (ObjectNode) schema.get("properties");
    var inOrder = JsonNodeFactory.instance.objectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      var property = (ObjectNode) properties.get(component.getName());
      refine(property, component.getGenericType());
      inOrder.set(component.getName(), property);
    }
    schema.set("properties", inOrder);
  }

  private static void refineEnum(ObjectNode schema, Class<?> type) {
    ArrayNode values = schema.putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      values.add(constant.toString());
    }
  }

  private void refineList(ObjectNode schema, Type item) {
    refineElement((ObjectNode) schema.get("items"), item);
    if (item instanceof Class<?> c && KEYS.containsKey(c)) {
      schema.putArray("x-kubernetes-list-map-keys").add(KEYS.get(c));
      schema.put("x-kubernetes-list-type", "map");
    } else {
      schema.put("x-kubernetes-list-type", "atomic");
    }
  }

  private void refineElement(ObjectNode schema, Type type) {
    refine(schema, type);
    if (type == String.class) {
      schema.put("maxLength", MAX_LENGTH);
    }
  }

  /** The description of the field says more than that of the type. */
  private static void replace(ObjectNode schema, ObjectNode by) {
    JsonNode description = schema.get("description");
    schema.removeAll();
    schema.setAll(by);
    if (description != null) {
      schema.set("description", description);
    }
  }

  private static void wholeNumbers(ObjectNode schema) {
    for (String bound : List.of("minimum", "maximum")) {
      if (schema.has(bound)) {
        schema.put(bound, schema.get(bound).longValue());
      }
    }
  }

  /** A rule on a record component reaches its field and its accessor: the generator sees two. */
  private static void deduplicateRules(ObjectNode schema) {
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      var once = new LinkedHashSet<JsonNode>();
      rules.forEach(once::add);
      schema.putArray("x-kubernetes-validations").addAll(once);
    }
  }
}
