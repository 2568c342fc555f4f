package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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
        @Nullable String estimatedEndTime) {}
