package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels and annotations to add to an object that the operator creates. */
@ApiObject
public record TemplateMetadata(
    @JsonPropertyDescription("Labels to add; those the operator sets itself win.") @Size(max = 64)
        Map<String, String> labels,
    @JsonPropertyDescription("Annotations to add; those the operator sets itself win.")
        @Size(max = 64)
        Map<String, String> annotations) {

  public static final TemplateMetadata NONE = new TemplateMetadata(null, null);

  public TemplateMetadata(
      @Nullable Map<String, String> labels, @Nullable Map<String, String> annotations) {
    this.labels = Absent.toEmpty(labels);
    this.annotations = Absent.toEmpty(annotations);
  }
}
