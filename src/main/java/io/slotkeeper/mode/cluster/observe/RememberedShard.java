package io.slotkeeper.mode.cluster.observe;

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
 * @param copies the pods that had all of the data at some time since they belong to the shard;
 *     empty where that is not known
 * @param heldKeys whether the owner held keys when it last answered
 */
public record RememberedShard(
    @Nullable Owner owner, List<String> replicationIds, Set<String> copies, boolean heldKeys) {
  public static final RememberedShard NONE = new RememberedShard(null, List.of(), Set.of(), false);

  public RememberedShard {
    replicationIds = List.copyOf(replicationIds);
    copies = Set.copyOf(copies);
  }

  /** What a pod has on its volume may be from a time when it belonged to the shard before. */
  public boolean isCopy(String pod) {
    return copies.isEmpty() || copies.contains(pod);
  }

  /**
   * The node that owned slots, and the configuration epoch that it owned them with: what claims
   * them with a smaller one is out of date.
   */
  public record Owner(NodeId id, long epoch, SlotSet slots) {}
}
