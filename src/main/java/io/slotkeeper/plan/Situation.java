package io.slotkeeper.plan;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ShardMemory.Owner;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.SlotSet;
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
 * @param shards how many there are, or are to be: those that leave are there until they are empty
 */
record Situation(
    Topology topology,
    ClusterView view,
    Roster roster,
    Ownership ownership,
    boolean complete,
    int shards) {

  private static final long YIELDS = -1;

  static Situation of(Topology topology, ClusterView view) {
    Roster roster = Roster.of(topology, view);
    boolean complete =
        roster.absent().isEmpty()
            && roster.strangers().isEmpty()
            && topology.pods().stream().allMatch(name -> view.pod(name).isPresent());
    int shards =
        Math.max(
            topology.shards(),
            view.members().stream().mapToInt(member -> member.pod().shard() + 1).max().orElse(0));
    List<Owner> remembered = view.memory().owners();
    Ownership ownership = Ownership.of(roster.peers(), remembered);
    Situation seen = new Situation(topology, view, roster, ownership, complete, shards);
    return remembered.stream().allMatch(owner -> roster.has(owner.id()))
        ? seen
        : seen.with(Ownership.of(roster.peers(), seen.yielding(remembered)));
  }

  private Situation with(Ownership other) {
    return new Situation(topology, view, roster, other, complete, shards);
  }

  /** One that will not come back, or that the user has given up, yields to any claim. */
  private List<Owner> yielding(List<Owner> remembered) {
    Set<NodeId> lost =
        Failovers.missing(this).stream()
            .filter(missing -> Failovers.isGoneForGood(this, missing))
            .filter(missing -> !Survival.mayStillRun(this, missing))
            .map(Failovers.Missing::master)
            .collect(Collectors.toCollection(HashSet::new));
    lost.addAll(view.accepted().masters());
    return remembered.stream()
        .map(owner ->
            lost.contains(owner.id()) ? new Owner(owner.id(), YIELDS, owner.slots()) : owner)
        .toList();
  }

  Collection<Peer> peers() {
    return roster.peers();
  }

  boolean formed() {
    return view.memory().formed();
  }

  /**
   * Of a shard that goes, and reset already: nobody is to meet it, for all would forget it soon.
   * Where an owner is gone, it may be who came back empty in its place, and is to get the slots.
   * Nor is it retired where replicas need it.
   */
  boolean isRetired(Peer peer) {
    return formed()
        && !isAnOwnerGone()
        && peer.pod().shard() >= topology.shards()
        && peer.snapshot().isBlank()
        && shard(peer.pod().shard()).stream().noneMatch(this::isOrphan);
  }

  /**
   * Its master gave all slots away and came back as another, and may have had no time to tell what
   * it had deleted. Who is to follow the new one becomes empty by that, and no shard goes before.
   */
  private boolean isOrphan(Peer peer) {
    NodeId master = peer.self().master();
    return master != null && !roster.has(master) && peer.snapshot().keys() > 0;
  }

  /** Slots that nobody owns, or somebody who is in no pod any more. */
  private boolean isAnOwnerGone() {
    return !ownership.covered().equals(SlotSet.ALL)
        || ownership.owners().keySet().stream()
            .anyMatch(owner -> !roster.has(owner) && podNameOf(owner).isEmpty());
  }

  /**
   * It claims slots that another server was seen to own since, and that one does not answer. A
   * server that is introduced to it would believe it. Where its successor answers, an introduction
   * is what corrects it.
   */
  boolean isOutdated(Peer peer) {
    return peer.isMaster()
        && ownership.owners().entrySet().stream()
            .anyMatch(owner ->
                !roster.has(owner.getKey())
                    && owner.getValue().intersects(peer.self().slots())
                    && view.memory().isOwner(owner.getKey()));
  }

  List<Peer> shard(int index) {
    return peers().stream().filter(peer -> peer.pod().shard() == index).toList();
  }

  /**
   * The peer of a shard that owns slots; the one with most, should there be several. In a shard
   * that owns none because it has just come, or is about to go: the master that its replicas
   * follow.
   */
  Optional<Peer> masterOf(int shard) {
    return shard(shard).stream()
        .filter(peer -> ownership.owns(peer.id()))
        .max(Comparator.comparingInt(peer -> ownership.of(peer.id()).size()))
        .or(() -> masterWithoutSlots(shard));
  }

  /** Only where no slot is missing an owner, who might be of this shard. */
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
        && ownership.owners().keySet().stream().allMatch(roster::has);
  }

  /** Slots whose owners do not answer. */
  SlotSet unheardOf() {
    return ownership.owners().entrySet().stream()
        .filter(owner -> !roster.has(owner.getKey()))
        .map(Map.Entry::getValue)
        .reduce(SlotSet.NONE, SlotSet::plus);
  }

  /** The name of the pod that was last proven to have this id, or whose claim is marked with it. */
  Optional<String> podNameOf(NodeId id) {
    return view.memory().podOf(id);
  }

  /** That pod, where it exists. */
  Optional<Member> podOf(NodeId id) {
    return podNameOf(id).flatMap(view::pod);
  }
}
