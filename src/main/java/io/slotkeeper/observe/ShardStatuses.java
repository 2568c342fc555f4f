package io.slotkeeper.observe;

import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts what is remembered of each shard to and from the status. */
public final class ShardStatuses {

  private ShardStatuses() {}

  public static ShardStatus.@Nullable ShardOwner owner(RememberedShard.@Nullable Owner owner) {
    return owner == null
        ? null
        : new ShardStatus.ShardOwner(owner.id().value(), owner.epoch(), owner.slots().toString());
  }

  /** A shard of which only what is remembered is known yet. */
  public static ShardStatus remembered(String name, RememberedShard remembered) {
    return new ShardStatus(
        name,
        null,
        0,
        null,
        List.of(),
        remembered.replicationIds(),
        remembered.heldKeys(),
        owner(remembered.owner()),
        remembered.copies().stream().sorted().toList());
  }

  /** The reverse conversion, by the index of the shard; malformed entries are left out. */
  public static Map<Integer, RememberedShard> memory(List<ShardStatus> shards) {
    Map<Integer, RememberedShard> memories = new HashMap<>();
    for (int index = 0; index < shards.size(); index++) { // they are in order
      ShardStatus shard = shards.get(index);
      memories.put(
          index,
          new RememberedShard(
              owner(shard.owner()),
              shard.replicationIds(),
              new HashSet<>(shard.copies()),
              shard.holdsKeys()));
    }
    return memories;
  }

  private static RememberedShard.@Nullable Owner owner(ShardStatus.@Nullable ShardOwner owner) {
    if (owner == null || !NodeId.isValid(owner.node())) {
      return null;
    }
    return SlotSet.parse(owner.slots())
        .filter(slots -> !slots.isEmpty())
        .map(slots -> new RememberedShard.Owner(new NodeId(owner.node()), owner.epoch(), slots))
        .orElse(null);
  }
}
