package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a user adds to the Service that clients connect to. */
@ApiObject
public record ServiceTemplate(
    @JsonPropertyDescription("Labels and annotations to add to the Service.")
        TemplateMetadata metadata,
    @JsonPropertyDescription("Fields of the Service's spec.") ServiceTemplateSpec spec) {

  public static final ServiceTemplate NONE = new ServiceTemplate(null, null);

  public ServiceTemplate(@Nullable TemplateMetadata metadata, @Nullable ServiceTemplateSpec spec) {
    this.metadata = Objects.requireNonNullElse(metadata, TemplateMetadata.NONE);
    this.spec = Objects.requireNonNullElse(spec, ServiceTemplateSpec.NONE);
  }
}
