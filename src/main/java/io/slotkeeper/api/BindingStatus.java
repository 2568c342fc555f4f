package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where the Service Binding specification looks for the Secret of a provisioned service.
 *
 * @param name of the Secret
 */
@ApiObject
public record BindingStatus(
    @JsonPropertyDescription("The Secret with everything that an application needs to connect.")
        @Nullable String name) {

  public BindingStatus(@Nullable String name) {
    this.name = Absent.toNull(name);
  }
}
