package io.slotkeeper.observe;

import io.slotkeeper.model.Sorted;
import io.slotkeeper.observe.RememberedShard.Owner;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The facts that only history can provide: after a full restart nothing else distinguishes our
 * nodes from foreign ones. Kept in the status, and for volumes on their claims.
 *
 * @param members the node id last proven for each pod, by the pod's name
 * @param locations the Kubernetes nodes that the servers of each pod may run on, by the pod's name
 * @param volumes the node id last proven for each pod's volume, by the pod's name; outlives the
 *     Redis with termination policy Pause
 * @param shards what is known of the data of each shard, by the shard's index
 * @param formed all slots were once assigned and agreed on: from then on a slot without an owner is
 *     a loss, not a beginning. An annotated claim says so, too: claims are annotated after that
 * @param balancing the slot migration
 */
public record Remembered(
    Map<String, NodeId> members,
    Map<String, ServerLocations> locations,
    Map<String, NodeId> volumes,
    Map<Integer, RememberedShard> shards,
    boolean formed,
    RebalanceState balancing) {

  public static final Remembered NONE = new Remembered(Map.of(), Map.of(), Map.of(), false);

  public Remembered(
      Map<String, NodeId> members,
      Map<String, NodeId> volumes,
      Map<Integer, RememberedShard> shards,
      boolean formed) {
    this(members, Map.of(), volumes, shards, formed, RebalanceState.NONE);
  }

  public Remembered {
    members = Sorted.map(members);
    locations = Sorted.map(locations);
    volumes = Sorted.map(volumes);
    shards = Sorted.map(shards);
    formed = formed || !volumes.isEmpty();
  }

  /** Whether this id was ever proven to be one of ours. */
  public boolean knows(NodeId id) {
    return members.containsValue(id) || volumes.containsValue(id);
  }

  public boolean isEmpty() {
    return members.isEmpty() && volumes.isEmpty();
  }

  /** The Kubernetes nodes that the server of this id may run on; empty where unknown. */
  public Set<String> nodesOf(NodeId id) {
    for (Map.Entry<String, ServerLocations> entry : locations.entrySet()) {
      Set<String> replaced = entry.getValue().replaced().get(id);
      if (replaced != null) {
        return replaced;
      }
      if (id.equals(members.get(entry.getKey()))) {
        return entry.getValue().nodes();
      }
    }
    return Set.of();
  }

  /**
   * The pod that had this id when that was last proven; else the pod whose claim is annotated with
   * it, where no other id was proven for that pod since.
   */
  public Optional<String> podOf(NodeId id) {
    return members.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() ->
            volumes.entrySet().stream()
                .filter(mark -> mark.getValue().equals(id))
                .map(Map.Entry::getKey)
                .filter(pod -> !members.containsKey(pod))
                .findFirst());
  }

  /** {@code NONE} where its data was never seen. */
  public RememberedShard shard(int index) {
    return shards.getOrDefault(index, RememberedShard.NONE);
  }

  /** Whether it was the last node seen to own some slots. */
  public boolean isOwner(NodeId id) {
    return owners().stream().anyMatch(owner -> owner.id().equals(id));
  }

  /**
   * The last owners of slots that were seen. Until the cluster is formed there is nothing to lose,
   * and slots go to another node where their first owner does not come back.
   */
  public List<Owner> owners() {
    return formed
        ? shards.values().stream().flatMap(shard -> Stream.ofNullable(shard.owner())).toList()
        : List.of();
  }
}
