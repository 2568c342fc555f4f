package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The size of a primary and its replicas: {@code 1 + replicas} pods. */
@ApiObject
public record StandaloneSpec(
    @JsonPropertyDescription("The number of replicas, the primary not counted.")
        @Default("0")
        @Min(0)
        @Max(ClusterSpec.MAX_REPLICAS)
        int replicas) {}
