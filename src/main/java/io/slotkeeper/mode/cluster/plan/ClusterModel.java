package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.RememberedShard.Owner;
import io.slotkeeper.plan.ModeModel;
import io.slotkeeper.plan.Safeguard;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the rules work on: the view, and what follows from it.
 *
 * @param complete every pod of the wanted topology answers, and every pod that answers is ours
 * @param shards how many exist or are wanted; shards that leave count until they are empty
 */
record ClusterModel(
    Topology topology,
    ClusterView view,
    Membership membership,
    SlotOwnership ownership,
    boolean complete,
    int shards)
    implements ModeModel {

  private static final long YIELDS = -1;

  static ClusterModel of(Topology topology, ClusterView view) {
    Membership membership = Membership.of(topology, view);
    boolean complete =
        membership.absent().isEmpty()
            && membership.foreignNodes().isEmpty()
            && topology.pods().stream().allMatch(name -> view.pod(name).isPresent());
    int shards =
        Math.max(
            topology.shards(),
            view.members().stream().mapToInt(member -> member.pod().shard() + 1).max().orElse(0));
    List<Owner> remembered = view.remembered().owners();
    SlotOwnership ownership = SlotOwnership.of(membership.peers(), remembered);
    ClusterModel seen = new ClusterModel(topology, view, membership, ownership, complete, shards);
    return remembered.stream().allMatch(owner -> membership.has(owner.id()))
        ? seen
        : seen.with(SlotOwnership.of(membership.peers(), seen.withoutLost(remembered)));
  }

  private ClusterModel with(SlotOwnership other) {
    return new ClusterModel(topology, view, membership, other, complete, shards);
  }

  /** An owner that will not come back, or that the user has given up, yields to any claim. */
  private List<Owner> withoutLost(List<Owner> remembered) {
    Set<NodeId> lost =
        Failovers.missing(this).stream()
            .filter(missing -> Failovers.isGoneForGood(this, missing))
            .filter(missing -> !IsolatedMasters.mayStillRun(this, missing))
            .map(Failovers.Missing::master)
            .collect(Collectors.toCollection(HashSet::new));
    lost.addAll(view.acceptedLosses().masters());
    return remembered.stream()
        .map(owner ->
            lost.contains(owner.id()) ? new Owner(owner.id(), YIELDS, owner.slots()) : owner)
        .toList();
  }

  @Override
  public boolean serves(PodState pod) {
    return ShardCopies.peer(this, pod).isPresent();
  }

  @Override
  public boolean leads(PodState pod) {
    return ownership.owners().keySet().stream()
        .anyMatch(id -> podNameOf(id).filter(pod.name()::equals).isPresent());
  }

  @Override
  public boolean isEmpty(PodState pod) {
    return ShardCopies.peer(this, pod)
        .filter(peer -> peer.snapshot().keys() == 0 && !ownership.owns(peer.id()))
        .isPresent();
  }

  /** A server is recorded before it is introduced to another (rule 3). */
  @Override
  public boolean isUnknown(PodState pod) {
    return ShardCopies.idOf(this, pod) == null && !formed() && !serves(pod);
  }

  @Override
  public Optional<Safeguard.InSync> inSync(PodState pod) {
    return ShardCopies.inSync(this, pod);
  }

  Collection<Peer> peers() {
    return membership.peers();
  }

  boolean formed() {
    return view.remembered().formed();
  }

  /**
   * The peer belongs to a shard that goes, and was reset already: no node is to meet it, because
   * all would forget it soon. Where an owner is gone, the peer may be the empty node that came back
   * in its place and is to get the slots. Nor is it retired while replicas need it.
   */
  boolean isRetired(Peer peer) {
    return formed()
        && !isAnOwnerGone()
        && peer.pod().shard() >= topology.shards()
        && peer.snapshot().isBlank()
        && shard(peer.pod().shard()).stream().noneMatch(this::isOrphan);
  }

  /**
   * Its master gave all slots away and came back with another id, perhaps before it replicated what
   * it had deleted. A replica that is to follow it becomes empty by that, and no shard goes before.
   */
  private boolean isOrphan(Peer peer) {
    NodeId master = peer.self().master();
    return master != null && !membership.has(master) && peer.snapshot().keys() > 0;
  }

  /** A slot has no owner, or its owner is in no pod any more. */
  private boolean isAnOwnerGone() {
    return !ownership.covered().equals(SlotSet.ALL)
        || ownership.owners().keySet().stream()
            .anyMatch(owner -> !membership.has(owner) && podNameOf(owner).isEmpty());
  }

  /**
   * It claims slots that another server, which does not answer, has since been seen to own. A
   * server that is introduced to it would believe it. Where its successor answers, an introduction
   * corrects it.
   */
  boolean isOutdated(Peer peer) {
    return peer.isMaster()
        && ownership.owners().entrySet().stream()
            .anyMatch(owner ->
                !membership.has(owner.getKey())
                    && owner.getValue().intersects(peer.self().slots())
                    && view.remembered().isOwner(owner.getKey()));
  }

  List<Peer> shard(int index) {
    return peers().stream().filter(peer -> peer.pod().shard() == index).toList();
  }

  /**
   * The peer of a shard that owns slots; the one with most, should there be several. In a shard
   * that owns none because it is new or about to go: the master that its replicas follow.
   */
  Optional<Peer> masterOf(int shard) {
    return shard(shard).stream()
        .filter(peer -> ownership.owns(peer.id()))
        .max(Comparator.comparingInt(peer -> ownership.of(peer.id()).size()))
        .or(() -> masterWithoutSlots(shard));
  }

  /** Only where every slot has its owner: a missing one might belong to this shard. */
  private Optional<Peer> masterWithoutSlots(int shard) {
    if (!formed() || !hasAllOwners()) {
      return Optional.empty();
    }
    return shard(shard).stream()
        .filter(peer -> peer.isMaster() && !peer.pod().terminating())
        .max(
            Comparator.<Peer>comparingLong(peer -> followers(peer.id()))
                .thenComparingInt(peer -> -peer.pod().ordinal()));
  }

  private long followers(NodeId master) {
    return peers().stream().filter(peer -> master.equals(peer.self().master())).count();
  }

  /** Every slot has an owner, and every owner answers. */
  boolean hasAllOwners() {
    return ownership.covered().equals(SlotSet.ALL)
        && ownership.owners().keySet().stream().allMatch(membership::has);
  }

  /** Slots whose owners do not answer. */
  SlotSet unheardOf() {
    return ownership.owners().entrySet().stream()
        .filter(owner -> !membership.has(owner.getKey()))
        .map(Map.Entry::getValue)
        .reduce(SlotSet.NONE, SlotSet::plus);
  }

  /** The name of the pod last proven to have this id, or whose claim is annotated with it. */
  Optional<String> podNameOf(NodeId id) {
    return view.remembered().podOf(id);
  }

  /** That pod, where it exists. */
  Optional<Member> podOf(NodeId id) {
    return podNameOf(id).flatMap(view::pod);
  }
}
