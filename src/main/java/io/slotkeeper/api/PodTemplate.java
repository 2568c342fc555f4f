package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user adds to every pod. */
@ApiObject
public record PodTemplate(
    @JsonPropertyDescription("Labels and annotations to add to every pod.")
        TemplateMetadata metadata,
    @JsonPropertyDescription("Fields of the pods' spec.") PodTemplateSpec spec) {

  public static final PodTemplate NONE = new PodTemplate(null, null);

  public PodTemplate(@Nullable TemplateMetadata metadata, @Nullable PodTemplateSpec spec) {
    this.metadata = Objects.requireNonNullElse(metadata, TemplateMetadata.NONE);
    this.spec = Objects.requireNonNullElse(spec, PodTemplateSpec.NONE);
  }
}
