package io.slotkeeper.report;

import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts slots that another shard has than before; a failover within a shard moves none. */
public final class MovedSlots {

  private MovedSlots() {}

  /** Slots that no shard had before are no moved ones: they were assigned, or came back. */
  public static int between(@Nullable RedisStatus before, RedisStatus after) {
    if (before == null || before.shards().equals(after.shards())) {
      return 0;
    }
    Map<String, SlotSet> had =
        before.shards().stream()
            .collect(Collectors.toMap(ShardStatus::name, MovedSlots::slots, SlotSet::plus));
    SlotSet owned = had.values().stream().reduce(SlotSet.NONE, SlotSet::plus);
    return after.shards().stream()
        .mapToInt(shard ->
            slots(shard)
                .intersect(owned)
                .minus(had.getOrDefault(shard.name(), SlotSet.NONE))
                .size())
        .sum();
  }

  private static SlotSet slots(ShardStatus shard) {
    return Optional.ofNullable(shard.slots()).flatMap(SlotSet::parse).orElse(SlotSet.NONE);
  }
}
