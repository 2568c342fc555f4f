package io.slotkeeper.plan;

import io.slotkeeper.observe.ShardMemory;
import io.slotkeeper.redis.SlotSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the cluster is, as far as it could be seen.
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
   * @param master its pod, null where nobody in the shard owns slots
   * @param inSync pods of replicas that have everything
   * @param behind pods of replicas that do not, or are not replicas yet
   * @param keys of the master
   * @param memory what is to be remembered of its data
   */
  public record Shard(
      int index,
      SlotSet slots,
      @Nullable String master,
      List<String> inSync,
      List<String> behind,
      long keys,
      ShardMemory memory) {}

  static Health of(Situation situation) {
    SlotSet served =
        situation.peers().stream()
            .filter(Peer::isMaster)
            .map(peer -> situation.ownership().of(peer.id()))
            .reduce(SlotSet.NONE, SlotSet::plus);
    long wanted = situation.topology().nodeTimeoutMillis();
    boolean settled =
        situation.peers().stream()
            .map(peer -> peer.snapshot().nodeTimeoutMillis())
            .noneMatch(millis -> millis != wanted && Haste.isTemporary(millis));
    return new Health(
        served,
        Agreement.holdsAmongServing(situation),
        settled,
        IntStream.range(0, situation.shards()).mapToObj(index -> shard(situation, index)).toList());
  }

  private static Shard shard(Situation situation, int index) {
    List<Peer> peers = situation.shard(index);
    Peer master = situation.masterOf(index).orElse(null);
    if (master == null) {
      ShardMemory known = Lineage.ofShardWithoutMaster(situation, index);
      return new Shard(index, SlotSet.NONE, null, List.of(), names(peers), 0, known);
    }
    List<Peer> others = peers.stream().filter(peer -> !peer.is(master)).toList();
    List<Peer> inSync = others.stream().filter(peer -> peer.inSyncWith(master.id())).toList();
    List<Peer> behind = others.stream().filter(peer -> !inSync.contains(peer)).toList();
    return new Shard(
        index,
        situation.ownership().of(master.id()),
        master.pod().name(),
        names(inSync),
        names(behind),
        master.snapshot().keys(),
        Lineage.of(situation, index, master, inSync));
  }

  private static List<String> names(List<Peer> peers) {
    return peers.stream().map(peer -> peer.pod().name()).toList();
  }

  /** All slots are served, and everybody sees it so. */
  public boolean covered() {
    return served.equals(SlotSet.ALL) && agreed;
  }

  /** Every master of slots that should have replicas has at least one that is in sync. */
  public boolean redundant(int replicas) {
    return replicas == 0
        || shards.stream().noneMatch(shard -> shard.inSync().isEmpty() && !shard.slots().isEmpty());
  }

  /** Every master has as many replicas in sync as it should. */
  public boolean complete(int replicas) {
    return shards.stream().allMatch(shard -> shard.inSync().size() >= replicas);
  }
}
