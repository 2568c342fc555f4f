package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How slots move when the number of masters changes. */
@ApiObject
public record MigrationSpec(
    @JsonPropertyDescription(
            "How many shards may give slots away at the same time, each to one other.")
        @Default("4")
        @Min(1)
        @Max(64)
        int parallelism,
    @JsonPropertyDescription(
            "How long one batch may keep a server from serving, in milliseconds. Batches are made smaller to keep"
                + " to it; servers that move slots by themselves (Redis 8.4, Valkey 9) do not use it.")
        @Default("20")
        @Min(1)
        @Max(10000)
        int maxPauseMillis,
    @JsonPropertyDescription("True: no further slots move. What has moved stays where it is.")
        @Default("false")
        boolean paused) {

  /** The values where it is absent. */
  public static final MigrationSpec DEFAULT = new MigrationSpec(4, 20, false);

  public MigrationSpec(int parallelism, int maxPauseMillis, boolean paused) {
    this.parallelism = parallelism == 0 ? 4 : parallelism;
    this.maxPauseMillis = maxPauseMillis == 0 ? 20 : maxPauseMillis;
    this.paused = paused;
  }
}
