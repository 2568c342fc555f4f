package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a change that needs new pods reaches them. */
@ApiObject
public record UpdateStrategy(
    @JsonPropertyDescription(
            "RollingUpdate: the operator replaces the pods, one at a time. OnDelete: pods that the user deletes"
                + " come back changed.")
        @Default("RollingUpdate")
        Type type) {

  public UpdateStrategy(@Nullable Type type) {
    this.type = Objects.requireNonNullElse(type, Type.RollingUpdate);
  }

  public enum Type {
    RollingUpdate,
    OnDelete
  }
}
