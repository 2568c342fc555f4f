package io.slotkeeper.plan;

import io.slotkeeper.api.Mode;
import io.slotkeeper.model.Blocker;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wanted servers. Where there is one primary, there is one shard, without slots.
 *
 * @param name of the Redis; its pods are {@code <name>-shard<i>-<j>}
 * @param shards the number of masters, at least 1
 * @param replicas per master
 * @param nodeTimeoutMillis the {@code cluster-node-timeout} of normal operation
 * @param moves how slots may move when the number of shards changes
 * @param updates how pods of an older template are replaced
 * @param sentinels the wanted Sentinels; null in a mode without, or where they are not known
 */
public record Topology(
    String name,
    Mode mode,
    int shards,
    int replicas,
    long nodeTimeoutMillis,
    SlotMovePolicy moves,
    UpdatePolicy updates,
    @Nullable SentinelPolicy sentinels) {

  public Topology(
      String name,
      Mode mode,
      int shards,
      int replicas,
      long nodeTimeoutMillis,
      SlotMovePolicy moves,
      UpdatePolicy updates) {
    this(name, mode, shards, replicas, nodeTimeoutMillis, moves, updates, null);
  }

  /** Of a Redis Cluster. */
  public Topology(
      String name,
      int shards,
      int replicas,
      long nodeTimeoutMillis,
      SlotMovePolicy moves,
      UpdatePolicy updates) {
    this(name, Mode.Cluster, shards, replicas, nodeTimeoutMillis, moves, updates);
  }

  public Topology(String name, int shards, int replicas, long nodeTimeoutMillis) {
    this(name, shards, replicas, nodeTimeoutMillis, SlotMovePolicy.DEFAULT);
  }

  public Topology(
      String name, int shards, int replicas, long nodeTimeoutMillis, SlotMovePolicy moves) {
    this(name, shards, replicas, nodeTimeoutMillis, moves, UpdatePolicy.NONE);
  }

  public Topology {
    if (shards < 1 || shards > SlotSet.COUNT || replicas < 0) {
      throw new IllegalArgumentException(shards + " shards, " + replicas + " replicas");
    }
  }

  public Topology updating(UpdatePolicy policy) {
    return new Topology(name, mode, shards, replicas, nodeTimeoutMillis, moves, policy, sentinels);
  }

  /** The same at another size, with a blocker that keeps slots where they are. */
  public Topology keptAt(int keptShards, int keptReplicas, Blocker blocker) {
    return new Topology(
        name,
        mode,
        keptShards,
        keptReplicas,
        nodeTimeoutMillis,
        moves.withBlocker(blocker),
        updates,
        sentinels);
  }

  /** The same with another {@code cluster-node-timeout}. */
  public Topology withNodeTimeout(long millis) {
    return new Topology(name, mode, shards, replicas, millis, moves, updates, sentinels);
  }

  /** The same in the mode in which it runs: its Sentinels are not known in another. */
  public Topology running(Mode other) {
    return other == mode
        ? this
        : new Topology(name, other, shards, replicas, nodeTimeoutMillis, moves, updates);
  }

  /** The same with Sentinels. */
  public Topology withSentinels(@Nullable SentinelPolicy policy) {
    return new Topology(name, mode, shards, replicas, nodeTimeoutMillis, moves, updates, policy);
  }

  /** The field that says how many replicas are wanted. */
  public String replicasField() {
    return switch (mode) {
      case Cluster -> "spec.cluster.replicas";
      case Standalone -> "spec.standalone.replicas";
      case Sentinel -> "spec.sentinel.replicas";
    };
  }

  public String pod(int shard, int ordinal) {
    return name + "-shard" + shard + "-" + ordinal;
  }

  public List<String> pods() {
    List<String> pods = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      for (int ordinal = 0; ordinal <= replicas; ordinal++) {
        pods.add(pod(shard, ordinal));
      }
    }
    return pods;
  }

  /**
   * The slots a shard starts with: consecutive, and equal to within one; none for a surplus shard.
   */
  public SlotSet firstSlots(int shard) {
    return shard >= shards
        ? SlotSet.NONE
        : SlotSet.range(firstSlot(shard), firstSlot(shard + 1) - 1);
  }

  private int firstSlot(int shard) {
    return (int) Math.round((double) SlotSet.COUNT * shard / shards);
  }
}
