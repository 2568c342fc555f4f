package io.slotkeeper.observe;

import io.slotkeeper.model.Sorted;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the data of one shard.
 *
 * @param owner the last one that was seen; null where none was
 * @param replicationIds those that the data was last seen under, the present one last
 * @param copies the pods that have had all of the data at some time since they joined the shard;
 *     empty where unknown
 * @param heldKeys whether the owner held keys when it last answered
 */
public record RememberedShard(
    @Nullable Owner owner, List<String> replicationIds, Set<String> copies, boolean heldKeys) {
  public static final RememberedShard NONE = new RememberedShard(null, List.of(), Set.of(), false);

  public RememberedShard {
    replicationIds = List.copyOf(replicationIds);
    copies = Sorted.set(copies);
  }

  /** If not, the data on the pod's volume may be from an earlier time in the shard. */
  public boolean isCopy(String pod) {
    return copies.isEmpty() || copies.contains(pod);
  }

  /**
   * The node that owned slots, and the config epoch that it owned them with: a claim to them with a
   * smaller epoch is out of date.
   */
  public record Owner(NodeId id, long epoch, SlotSet slots) {}
}
