package io.slotkeeper.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema of the values, {@code values.yaml} and the page about them tell of the same. */
class ValuesTest {

  private static final JsonNode SCHEMA = Chart.tree(Chart.DIRECTORY.resolve("values.schema.json"));

  private static final String PAGE = Chart.read(Path.of("docs/configuration.md"));

  @Test
  void eachHasADefault() {
    JsonNode defaults = Chart.tree(Chart.DIRECTORY.resolve("values.yaml"));

    assertThat(values("", SCHEMA))
        .hasSizeGreaterThan(30)
        .allSatisfy(value ->
            assertThat(defaults.at("/" + value.replace('.', '/')).isMissingNode()).isFalse());
  }

  @Test
  void eachIsExplained() {
    assertThat(values("", SCHEMA))
        .allSatisfy(value -> assertThat(PAGE).contains("`" + value + "`"));
  }

  @Test
  void eachVariableIsExplained() {
    List<String> variables =
        Chart.rendered("default").stream()
            .filter(Deployment.class::isInstance)
            .map(Deployment.class::cast)
            .flatMap(
                deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream())
            .flatMap(container -> container.getEnv().stream())
            .map(EnvVar::getName)
            .toList();

    assertThat(variables)
        .contains("POD_NAME")
        .allSatisfy(variable -> assertThat(PAGE).contains("`" + variable + "`"));
  }

  /** The paths of what can be set, with dots: of all that has no values of its own below it. */
  private static Stream<String> values(String path, JsonNode schema) {
    String definition = schema.path("$ref").asText().replace("#", "");
    var properties = (definition.isEmpty() ? schema : SCHEMA.at(definition)).path("properties");
    if (properties.isEmpty() || path.equals("resources")) {
      return Stream.of(path);
    }
    return properties.properties().stream()
        // Helm's own, not the user's.
        .filter(property -> !property.getKey().equals("global"))
        .flatMap(property ->
            values(
                path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                property.getValue()));
  }
}
