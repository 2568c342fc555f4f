package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slots on their way to other shards. */
@ApiObject
public record MigrationStatus(
    @JsonPropertyDescription("Slots that have reached their shard since the change began.")
        int movedSlots,
    @JsonPropertyDescription("Slots that are still to move.") int remainingSlots,
    @JsonPropertyDescription("Keys in the slots that have moved, about.") long movedKeys,
    @JsonPropertyDescription("Keys in the slots that are still to move, about.") long remainingKeys,
    @JsonPropertyDescription("Keys moved each second, on average since the first slot moved.")
        long keysPerSecond,
    @JsonPropertyDescription("When the change began, in RFC 3339.") String startTime,
    @JsonPropertyDescription("When it will be done at this speed, in RFC 3339.")
        @Nullable String estimatedEndTime,
    @JsonPropertyDescription(
            "How many slots each shard is to have, as it was measured when the change began; only where shards"
                + " are balanced by memory.")
        List<Integer> shares) {

  public MigrationStatus(
      int movedSlots,
      int remainingSlots,
      long movedKeys,
      long remainingKeys,
      long keysPerSecond,
      String startTime,
      @Nullable String estimatedEndTime,
      @Nullable List<Integer> shares) {
    this.movedSlots = movedSlots;
    this.remainingSlots = remainingSlots;
    this.movedKeys = movedKeys;
    this.remainingKeys = remainingKeys;
    this.keysPerSecond = keysPerSecond;
    this.startTime = startTime;
    this.estimatedEndTime = Absent.toNull(estimatedEndTime);
    this.shares = Absent.toEmpty(shares);
  }
}
