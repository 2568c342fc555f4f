package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where backups are kept. */
@ApiObject
@ValidationRule(
    value = "has(self.s3) != has(self.volume)",
    message = "spec must have either s3 or volume: set one of them")
public record BackupStoreSpec(
    @JsonPropertyDescription("A bucket that speaks S3.") @Nullable S3StoreSpec s3,
    @JsonPropertyDescription("A volume that all Jobs can mount.")
        @Nullable VolumeStoreSpec volume) {

  public BackupStoreSpec {
    if ((s3 == null) == (volume == null)) {
      throw new IllegalArgumentException("either s3 or volume must be set");
    }
  }
}
