package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.RememberedShard;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.List;
import java.util.stream.IntStream;
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
      RememberedShard remembered) {}

  static Health of(ClusterModel cluster) {
    SlotSet served =
        cluster.peers().stream()
            .filter(Peer::isMaster)
            .map(peer -> cluster.ownership().of(peer.id()))
            .reduce(SlotSet.NONE, SlotSet::plus);
    long wanted = cluster.topology().nodeTimeoutMillis();
    boolean settled =
        cluster.peers().stream()
            .map(peer -> peer.snapshot().nodeTimeoutMillis())
            .noneMatch(millis -> millis != wanted && TemporaryNodeTimeout.isTemporary(millis));
    return new Health(
        served,
        TableAgreement.holdsAmongServing(cluster),
        settled,
        IntStream.range(0, cluster.shards()).mapToObj(index -> shard(cluster, index)).toList());
  }

  private static Shard shard(ClusterModel cluster, int index) {
    List<Peer> peers = cluster.shard(index);
    Peer master = cluster.masterOf(index).orElse(null);
    if (master == null) {
      RememberedShard known = ReplicationHistory.ofShardWithoutMaster(cluster, index);
      return new Shard(index, SlotSet.NONE, null, List.of(), names(peers), 0, known);
    }
    List<Peer> others = peers.stream().filter(peer -> !peer.isSameNode(master)).toList();
    List<Peer> inSync = others.stream().filter(peer -> peer.inSyncWith(master.id())).toList();
    List<Peer> behind = others.stream().filter(peer -> !inSync.contains(peer)).toList();
    return new Shard(
        index,
        cluster.ownership().of(master.id()),
        master.pod().name(),
        names(inSync),
        names(behind),
        master.snapshot().keys(),
        ReplicationHistory.of(cluster, index, master, inSync));
  }

  private static List<String> names(List<Peer> peers) {
    return peers.stream().map(peer -> peer.pod().name()).toList();
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
