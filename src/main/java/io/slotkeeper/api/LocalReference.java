package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The name of an object in the same namespace. */
@ApiObject
public record LocalReference(
    @JsonPropertyDescription("The name of the object, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(LocalReference.NAME)
        String name) {

  /** RFC 1123 subdomains. It ends up in a path: a slash would lead to another object. */
  static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

  public LocalReference {
    if (!Absent.required(name, "name").matches(NAME)) {
      throw new IllegalArgumentException("'" + name + "' is not the name of an object");
    }
  }
}
