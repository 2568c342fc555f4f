package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a backup: what was reached, never what was asked for. */
@ApiObject
public record BackupStatus(
    @JsonPropertyDescription("One word for people; machines read the conditions.")
        @Nullable BackupPhase phase,
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What is true of the backup, and what the user can do about it.")
        List<Condition> conditions,
    @JsonPropertyDescription("How many Jobs have been created for it.") int attempts,
    @JsonPropertyDescription("The directory in the store, without the prefix of the store.")
        @Nullable String path,
    @JsonPropertyDescription("The moment that the data is from.") @Nullable String takenAt,
    @JsonPropertyDescription("What the shards have in common.")
        @Nullable BackupConsistency consistency,
    @JsonPropertyDescription("How long writes were paused.") @Nullable Long pauseMilliseconds,
    @JsonPropertyDescription("The server software.") @Nullable Engine engine,
    @JsonPropertyDescription("The version of the oldest server.") @Nullable String version,
    @JsonPropertyDescription("The keys of all shards.") @Nullable Long keys,
    @JsonPropertyDescription("The size of all RDB files, uncompressed.") @Nullable Long bytes,
    @JsonPropertyDescription("The size in the store.") @Nullable Long storedBytes) {

  /** Nothing was done yet. */
  public static final BackupStatus EMPTY =
      new BackupStatus(null, null, null, 0, null, null, null, null, null, null, null, null, null);

  public BackupStatus(
      @Nullable BackupPhase phase,
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      int attempts,
      @Nullable String path,
      @Nullable String takenAt,
      @Nullable BackupConsistency consistency,
      @Nullable Long pauseMilliseconds,
      @Nullable Engine engine,
      @Nullable String version,
      @Nullable Long keys,
      @Nullable Long bytes,
      @Nullable Long storedBytes) {
    this.phase = phase;
    this.observedGeneration = observedGeneration;
    this.conditions = Absent.toEmpty(conditions);
    this.attempts = attempts;
    this.path = Absent.toNull(path);
    this.takenAt = Absent.toNull(takenAt);
    this.consistency = consistency;
    this.pauseMilliseconds = pauseMilliseconds;
    this.engine = engine;
    this.version = Absent.toNull(version);
    this.keys = keys;
    this.bytes = bytes;
    this.storedBytes = storedBytes;
  }

  /** Nothing is worth another look. */
  public boolean isOver() {
    return phase == BackupPhase.Completed || phase == BackupPhase.Failed;
  }
}
