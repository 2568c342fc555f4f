package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is backed up, and where to. */
@ApiObject
@ValidationRule(
    value = "self == oldSelf",
    message = "spec of a RedisBackup cannot be changed: create another one")
public record BackupSpec(
    @JsonPropertyDescription("The Redis.") @Required LocalReference redisRef,
    @JsonPropertyDescription("The RedisBackupStore.") @Required LocalReference storeRef,
    @JsonPropertyDescription(
            "Cluster: all shards as they were at one moment, for which writes are paused. Shard: without a pause.")
        @Default("Cluster")
        BackupConsistency consistency,
    @JsonPropertyDescription(
            "How long writes may be paused at once. If it does not suffice in five tries, the backup is taken without a pause, and its status says so.")
        @Default("200")
        @Min(1)
        @Max(5000)
        int maxPauseMilliseconds,
    @JsonPropertyDescription("Which server of each shard is read.") @Default("PreferReplica")
        BackupSource source) {

  private static final int PAUSE = 200;

  public BackupSpec(
      @Nullable LocalReference redisRef,
      @Nullable LocalReference storeRef,
      @Nullable BackupConsistency consistency,
      int maxPauseMilliseconds,
      @Nullable BackupSource source) {
    this.redisRef = Absent.required(redisRef, "redisRef");
    this.storeRef = Absent.required(storeRef, "storeRef");
    this.consistency = Objects.requireNonNullElse(consistency, BackupConsistency.Cluster);
    this.maxPauseMilliseconds = maxPauseMilliseconds <= 0 ? PAUSE : maxPauseMilliseconds;
    this.source = Objects.requireNonNullElse(source, BackupSource.PreferReplica);
  }
}
