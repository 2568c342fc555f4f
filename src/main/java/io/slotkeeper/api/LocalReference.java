package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The name of an object in the same namespace. */
@ApiObject
public record LocalReference(
    @JsonPropertyDescription("The name of the object, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        String name) {}
