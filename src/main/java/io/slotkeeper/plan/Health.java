package io.slotkeeper.plan;

import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The health of the cluster, as far as it could be observed.
 *
 * @param served slots whose owner answers
 * @param agreed every server that answers has the same nodes, roles and slots in its table, none of
 *     them failing, and says that the cluster is up
 * @param settled the short node timeout of formation or repair is gone
 */
public record Health(SlotSet served, boolean agreed, boolean settled, List<Shard> shards) {

  /**
   * One shard.
   *
   * @param slots those of its master
   * @param master its pod, null where no server of the shard owns slots
   * @param inSync pods of replicas that have everything
   * @param behind pods of replicas that do not, or are not replicas yet
   * @param keys of the master
   * @param remembered what is to be remembered of its data
   */
  public record Shard(
      int index,
      SlotSet slots,
      @Nullable String master,
      List<String> inSync,
      List<String> behind,
      long keys,
      RememberedShard remembered) {

    private Shard with(RememberedShard other) {
      return new Shard(index, slots, master, inSync, behind, keys, other);
    }
  }

  /** The same, where other things are to be remembered of a shard. */
  public Health remembering(int index, RememberedShard remembered) {
    return new Health(
        served,
        agreed,
        settled,
        shards.stream()
            .map(shard -> shard.index() == index ? shard.with(remembered) : shard)
            .toList());
  }

  /** All slots are served, and every server sees it so. */
  public boolean covered() {
    return served.equals(SlotSet.ALL) && agreed;
  }

  /** Every master that has slots and should have replicas has at least one in sync. */
  public boolean redundant(int replicas) {
    return replicas == 0
        || shards.stream().noneMatch(shard -> shard.inSync().isEmpty() && !shard.slots().isEmpty());
  }

  /** Every master has as many replicas in sync as it should. */
  public boolean complete(int replicas) {
    return shards.stream().allMatch(shard -> shard.inSync().size() >= replicas);
  }
}
