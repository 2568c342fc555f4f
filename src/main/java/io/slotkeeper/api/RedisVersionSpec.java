package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a version runs. */
@ApiObject
public record RedisVersionSpec(
    @JsonPropertyDescription("The server software in the image: Redis or Valkey. Immutable.")
        @Required
        @ValidationRule(
            value = "self == oldSelf",
            message = "spec.engine cannot be changed: create another RedisVersion")
        Engine engine,
    @JsonPropertyDescription("The full version of the server, for example 7.0.15.")
        @Required
        @Size(max = 40)
        @ValidationRule(
            value = "self.matches('^[0-9]+([.][0-9]+){1,2}([-+.][0-9A-Za-z.]+)?$')",
            message = "spec.version must be the version of the server, such as 7.0.15")
        String version,
    @JsonPropertyDescription("The container image that pods of this version run.")
        @Required
        @Size(max = 512)
        @ValidationRule(
            value = "self.matches('^[0-9A-Za-z]\\\\S*$')",
            message =
                "spec.image must name a container image, such as docker.io/library/redis:7.0.15")
        String image,
    @JsonPropertyDescription(
            "True once the version should no longer be chosen for new resources. What runs it goes on.")
        @Default("false")
        boolean deprecated) {

  public RedisVersionSpec {
    Absent.required(engine, "engine");
    Absent.required(version, "version");
    Absent.required(image, "image");
  }
}
