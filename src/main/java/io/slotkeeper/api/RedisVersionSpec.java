package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** What a version runs. */
@ApiObject
public record RedisVersionSpec(
    @JsonPropertyDescription("The server software in the image: Redis or Valkey.") @Required
        Engine engine,
    @JsonPropertyDescription("The full version of the server, for example 7.0.15.") @Required
        String version,
    @JsonPropertyDescription("The container image that pods of this version run.") @Required
        String image,
    @JsonPropertyDescription(
            "True once the version should no longer be chosen for new resources. What runs it goes on.")
        boolean deprecated) {}
