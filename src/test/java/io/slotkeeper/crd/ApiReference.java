package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The part of {@code docs/api-reference.md} for one kind: a table for each object. */
final class ApiReference {

  static final String HEADER =
      """
      # API reference

      <!-- Made by dev/generate from the records of io.slotkeeper.api. -->
      """;

  private static final String KUBERNETES =
      "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#";

  private static final Map<String, String> BOUNDS =
      Map.of(
          "minimum", "at least %s",
          "maximum", "at most %s",
          "maxLength", "at most %s characters",
          "maxItems", "at most %s items",
          "maxProperties", "at most %s entries");

  private final Kind kind;
  private final ObjectNode definition;
  private final StringBuilder out = new StringBuilder();

  ApiReference(Kind kind, ObjectNode definition) {
    this.kind = kind;
    this.definition = definition;
  }

  String markdown() {
    ObjectNode schema = Kind.schema(definition);
    JsonNode names = definition.at("/spec/names");
    out.append(
        """

        ## %s

        %s

        `apiVersion: %s/%s`, %s, short name `%s`.
        """
            .formatted(
                names.path("kind").asText(),
                kind.description(),
                definition.at("/spec/group").asText(),
                Kind.version(definition).path("name").asText(),
                definition.at("/spec/scope").asText().equals("Cluster")
                    ? "cluster-scoped"
                    : "namespaced",
                names.at("/shortNames/0").asText()));
    messages(schema).forEach(message -> out.append("\n- ").append(message).append('\n'));
    for (Kind.Part part : kind.parts()) {
      object(part.field(), schema.get("properties").get(part.field()), part.type());
    }
    return out.toString();
  }

  private void object(String path, JsonNode schema, Class<?> type) {
    out.append("\n### ").append(path).append("\n\n");
    out.append(cell(schema.path("description").asText())).append("\n\n");
    List<String> messages = messages(schema);
    messages.forEach(message -> out.append("- ").append(message).append('\n'));
    out.append(messages.isEmpty() ? "" : "\n");
    out.append("| field | type | default | rules | description |\n");
    out.append("| --- | --- | --- | --- | --- |\n");
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.get("properties").get(component.getName());
      row(component, property, required(schema, component.getName()));
    }
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.get("properties").get(component.getName());
      if (component.getGenericType() instanceof Class<?> c && c.isRecord()) {
        object(path + "." + component.getName(), property, c);
      } else if (item(component.getGenericType()) instanceof Class<?> c && c.isRecord()) {
        object(path + "." + component.getName() + "[]", withDescription(property), c);
      }
    }
  }

  /** The items of a list, with the description of the list. */
  private static JsonNode withDescription(JsonNode list) {
    return list.get("items").<ObjectNode>deepCopy().set("description", list.get("description"));
  }

  private void row(RecordComponent component, JsonNode property, boolean required) {
    var rules = new ArrayList<String>();
    if (required) {
      rules.add("required");
    }
    if (property.has("enum")) {
      rules.add("one of " + values(property.get("enum")));
    }
    BOUNDS.entrySet().stream()
        .filter(bound -> property.has(bound.getKey()))
        .map(bound -> bound.getValue().formatted(property.get(bound.getKey()).asText()))
        .sorted()
        .forEach(rules::add);
    if (!(component.getGenericType() instanceof Class<?> c && c.isRecord())) {
      rules.addAll(messages(property));
    }
    out.append(
        "| `%s` | %s | %s | %s | %s |\n"
            .formatted(
                component.getName(),
                typeName(component.getGenericType()),
                property.has("default") ? "`" + property.get("default") + "`" : "",
                cell(String.join("; ", rules)),
                cell(property.path("description").asText())));
  }

  private static boolean required(JsonNode schema, String field) {
    return StreamSupport.stream(schema.path("required").spliterator(), false)
        .anyMatch(name -> name.asText().equals(field));
  }

  private static List<String> messages(JsonNode schema) {
    return StreamSupport.stream(schema.path("x-kubernetes-validations").spliterator(), false)
        .map(rule -> rule.get("message").asText())
        .toList();
  }

  private static String values(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(value -> "`" + value.asText() + "`")
        .collect(Collectors.joining(", "));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }

  private static Type item(Type type) {
    return type instanceof ParameterizedType list && list.getRawType() == List.class
        ? list.getActualTypeArguments()[0]
        : type;
  }

  private static String typeName(Type type) {
    return switch (type) {
      case ParameterizedType list when list.getRawType() == List.class ->
          "list of " + typeName(list.getActualTypeArguments()[0]);
      case ParameterizedType map -> "map to " + typeName(map.getActualTypeArguments()[1]);
      case Class<?> c when c.isRecord() -> "object";
      case Class<?> c when c.isEnum() || c == String.class -> "string";
      case Class<?> c when c == int.class || c == Integer.class -> "integer";
      case Class<?> c when c == long.class || c == Long.class -> "integer (64 bit)";
      case Class<?> c when c == Quantity.class -> "quantity";
      case Class<?> c when c == Condition.class -> kubernetes("Condition", "condition-v1-meta");
      case Class<?> c when KubernetesResource.class.isAssignableFrom(c) ->
          kubernetes(c.getSimpleName(), c.getSimpleName().toLowerCase(Locale.ROOT) + "-v1-core");
      default -> type.getTypeName();
    };
  }

  private static String kubernetes(String name, String anchor) {
    return "[%s](%s%s)".formatted(name, KUBERNETES, anchor);
  }
}
