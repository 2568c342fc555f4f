package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A volume with backups. */
@ApiObject
public record VolumeStoreSpec(
    @JsonPropertyDescription(
            "The name of a PersistentVolumeClaim in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(LocalReference.NAME)
        String claimName) {

  public VolumeStoreSpec {
    if (!Absent.required(claimName, "claimName").matches(LocalReference.NAME)) {
      throw new IllegalArgumentException("'" + claimName + "' is not the name of a claim");
    }
  }
}
