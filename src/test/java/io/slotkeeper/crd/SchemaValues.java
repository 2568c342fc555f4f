package io.slotkeeper.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Random values that a schema takes: texts that are empty, odd or long, numbers at their bounds,
 * what may be left out left out. Its rules in CEL are not looked at, so more is made than the API
 * server takes. In the future there are enum values and fields that this schema does not have.
 */
public final class SchemaValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "x-shard0-0",
          "../secrets/other",
          "a/b",
          "a?watch=true",
          "7.0",
          "0",
          "-1",
          "1",
          "true",
          "null",
          "no",
          "on",
          "yes",
          "\"",
          "'",
          "\\",
          "\"a\"",
          "${HOME}",
          "$(id)",
          "%s %d %n",
          "ünïcödé",
          "日本",
          "\uD83D\uDE00",
          "line\nbreak",
          "tab\tbed",
          "\u0000",
          "\u200B",
          "1Gi",
          "1GB",
          "-1Gi",
          "1.5Gi",
          ".5",
          "5.",
          "1e3",
          "1e999",
          "+1",
          "1 Gi",
          "abc",
          "999999999999999999Ei",
          "100m",
          "64mb",
          "9223372036854775808",
          "2026-01-01T00:00:00Z",
          "yesterday",
          "0-5460",
          "a=b,c=d",
          "app.kubernetes.io/name",
          "REDISCLI_AUTH",
          "POD_IP",
          "HOSTNAME",
          "maxmemory",
          "appendonly",
          "cluster-node-timeout",
          "save",
          "Always",
          "0123456789abcdef0123456789abcdef01234567",
          "0".repeat(40),
          "x".repeat(63),
          "y".repeat(300),
          "z".repeat(5000));

  private static final List<BigInteger> NUMBERS =
      List.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          BigInteger.TWO,
          BigInteger.valueOf(-1),
          BigInteger.valueOf(3),
          BigInteger.valueOf(1000),
          BigInteger.valueOf(Integer.MAX_VALUE),
          BigInteger.valueOf(Integer.MIN_VALUE),
          BigInteger.valueOf(Long.MAX_VALUE),
          BigInteger.valueOf(Long.MIN_VALUE));

  private final Random random;
  private final boolean future;

  public SchemaValues(Random random, boolean future) {
    this.random = random;
    this.future = future;
  }

  /** The schema of a resource, from {@code crds/}. */
  public static JsonNode of(String plural) throws IOException {
    return new ObjectMapper(new YAMLFactory())
        .readTree(Files.readString(Path.of("crds/" + plural + ".slotkeeper.io.yaml")))
        .at("/spec/versions/0/schema/openAPIV3Schema");
  }

  public JsonNode value(JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return random.nextBoolean() ? number(schema) : text(schema);
    }
    if (schema.has("enum")) {
      JsonNode values = schema.get("enum");
      return future && oneIn(20)
          ? JSON.textNode("OfTheFuture")
          : values.get(random.nextInt(values.size()));
    }
    return switch (schema.path("type").asText()) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "integer", "number" -> number(schema);
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "string" -> text(schema);
      default -> JSON.objectNode();
    };
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = JSON.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          if (required.contains(property.getKey()) || oneIn(3)) {
            object.set(property.getKey(), value(property.getValue()));
          }
        });
    if (schema.has("additionalProperties")) {
      int most = Math.min(3, schema.path("maxProperties").asInt(3));
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        object.set(anyText(), value(schema.get("additionalProperties")));
      }
    }
    if (future && oneIn(20)) {
      object.set("ofTheFuture", JSON.objectNode().put("deep", 1));
    }
    return object;
  }

  private ArrayNode array(JsonNode schema) {
    int least = schema.path("minItems").asInt(0);
    int most = Math.min(least + 3, schema.path("maxItems").asInt(least + 3));
    ArrayNode array = JSON.arrayNode();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      array.add(value(schema.get("items")));
    }
    return array;
  }

  private JsonNode number(JsonNode schema) {
    boolean small = schema.path("format").asText().equals("int32");
    BigInteger least =
        schema.has("minimum")
            ? schema.get("minimum").bigIntegerValue()
            : BigInteger.valueOf(small ? Integer.MIN_VALUE : Long.MIN_VALUE);
    BigInteger most =
        schema.has("maximum")
            ? schema.get("maximum").bigIntegerValue()
            : BigInteger.valueOf(small ? Integer.MAX_VALUE : Long.MAX_VALUE);
    List<BigInteger> fitting = new ArrayList<>(NUMBERS);
    fitting.addAll(List.of(least, most));
    fitting.removeIf(n -> n.compareTo(least) < 0 || n.compareTo(most) > 0);
    return JSON.numberNode(fitting.get(random.nextInt(fitting.size())));
  }

  private JsonNode text(JsonNode schema) {
    if (schema.path("format").asText().equals("date-time")) {
      return JSON.textNode("2026-01-01T00:00:00Z");
    }
    Pattern pattern = Pattern.compile(schema.path("pattern").asText(""));
    List<String> fitting =
        TEXTS.stream()
            .filter(text -> text.length() >= schema.path("minLength").asInt(0))
            .filter(text -> text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE))
            .filter(text -> pattern.matcher(text).find())
            .toList();
    return JSON.textNode(fitting.get(random.nextInt(fitting.size())));
  }

  private String anyText() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
