package io.slotkeeper.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The CustomResourceDefinitions: what fabric8 makes of the records, with its gaps filled. */
final class Crds {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  private Crds() {}

  static String yaml(ObjectNode definition) {
    try {
      return "# Made by dev/generate from the records of io.slotkeeper.api.\n"
          + YAML.writeValueAsString(definition);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode definition(Kind kind) {
    ObjectNode definition = generate(kind.type());
    ObjectNode version = Kind.version(definition);
    sortColumns(version, kind.type());
    ObjectNode schema = Kind.schema(definition);
    schema.put("description", kind.description());
    schema.putArray("required").add("spec");
    var generated = (ObjectNode) schema.get("properties");
    ObjectNode properties = schema.putObject("properties");
    var refinement = new SchemaRefinement();
    for (Kind.Part part : kind.parts()) {
      var field = (ObjectNode) generated.get(part.field());
      field.put("description", part.description());
      refinement.refine(field, part.type());
      properties.set(part.field(), field);
    }
    if (!properties.has("status")) {
      version.remove("subresources");
    }
    return definition;
  }

  private static ObjectNode generate(Class<? extends CustomResource<?, ?>> type) {
    var bytes = new ByteArrayOutputStream();
    new CRDGenerator()
        .customResourceClasses(List.of(type))
        .forCRDVersions("v1")
        .withOutput(new InMemory(bytes))
        .generate();
    try {
      return (ObjectNode) YAML.readTree(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The generator sorts columns by path; people want those of the annotations' order. */
  private static void sortColumns(ObjectNode version, Class<?> type) {
    JsonNode sorted = version.get("additionalPrinterColumns");
    ArrayNode columns = version.putArray("additionalPrinterColumns");
    for (var wanted : type.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      for (JsonNode column : sorted) {
        if (column.get("name").asText().equals(wanted.name())) {
          columns.add(column);
        }
      }
    }
  }

  private record InMemory(ByteArrayOutputStream bytes)
      implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return bytes;
    }

    /** The generator insists on the URI of a file. */
    @Override
    public URI crdURI(String crdName) {
      return Path.of(crdName).toUri();
    }

    @Override
    public void close() {}
  }
}
