package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Schemas of Kubernetes' own types. They come from Kubernetes' OpenAPI document (1.34, {@code
 * api/openapi-spec/v3/api__v1_openapi.json}), since fabric8's classes carry no descriptions,
 * formats or required fields; {@code kubernetes-types.json} is the part of it that the records
 * refer to.
 */
final class KubernetesTypes {

  /**
   * As Kubernetes reads a quantity (apimachinery, pkg/api/resource/quantity.go), without a minus
   * sign: no field of ours can be less than nothing.
   */
  private static final String QUANTITY =
      "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,3})?$";

  private final JsonNode types;

  private KubernetesTypes(JsonNode types) {
    this.types = types;
  }

  static KubernetesTypes load() {
    try (InputStream in =
        Objects.requireNonNull(
            KubernetesTypes.class.getResourceAsStream("kubernetes-types.json"))) {
      return new KubernetesTypes(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A structural schema, as a CustomResourceDefinition wants it: no references, no defaults. */
  ObjectNode schema(String type) {
    return switch (type) {
      case "Quantity" -> quantity();
      case "Time" -> object().put("type", "string").put("format", "date-time");
      default -> {
        JsonNode found = types.path(type);
        if (!found.isObject()) {
          throw new IllegalArgumentException(
              "kubernetes-types.json lacks " + type + ": add it from Kubernetes' OpenAPI document");
        }
        yield resolve((ObjectNode) found);
      }
    };
  }

  private ObjectNode resolve(ObjectNode from) {
    var to = object();
    String reference = from.path("$ref").asText(from.at("/allOf/0/$ref").asText());
    if (!reference.isEmpty()) {
      to.setAll(schema(reference));
    }
    from.properties()
        .forEach(field -> {
          switch (field.getKey()) {
            case "$ref", "allOf", "default" -> {}
            case "x-kubernetes-patch-strategy",
                "x-kubernetes-patch-merge-key",
                "x-kubernetes-unions" -> {}
            case "properties" -> {
              ObjectNode properties = to.putObject("properties");
              field
                  .getValue()
                  .properties()
                  .forEach(p -> properties.set(p.getKey(), resolve((ObjectNode) p.getValue())));
            }
            case "items", "additionalProperties" ->
                to.set(field.getKey(), resolve((ObjectNode) field.getValue()));
            default -> to.set(field.getKey(), field.getValue().deepCopy());
          }
        });
    return bounded(to);
  }

  /** The API server takes greater numbers for an {@code int32}, which the type cannot hold. */
  private static ObjectNode bounded(ObjectNode schema) {
    if (schema.path("format").asText().equals("int32")) {
      if (!schema.has("minimum")) {
        schema.put("minimum", Integer.MIN_VALUE);
      }
      if (!schema.has("maximum")) {
        schema.put("maximum", Integer.MAX_VALUE);
      }
    }
    return schema;
  }

  private static ObjectNode quantity() {
    ObjectNode quantity = object();
    ArrayNode anyOf = quantity.putArray("anyOf");
    anyOf.addObject().put("type", "integer");
    anyOf.addObject().put("type", "string");
    return quantity
        .put("maxLength", 32)
        .put("minimum", 0)
        .put("pattern", QUANTITY)
        .put("x-kubernetes-int-or-string", true);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
