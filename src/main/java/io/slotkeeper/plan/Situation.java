package io.slotkeeper.plan;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.redis.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the rules work on: the view, and what follows from it. */
record Situation(Topology topology, ClusterView view, Roster roster, Ownership ownership) {

  static Situation of(Topology topology, ClusterView view) {
    Roster roster = Roster.of(topology, view);
    return new Situation(topology, view, roster, Ownership.of(roster.peers()));
  }

  Collection<Peer> peers() {
    return roster.peers();
  }

  boolean formed() {
    return view.memory().formed();
  }

  /** Every pod of the wanted topology answers, and every pod that answers is ours. */
  boolean complete() {
    return roster.absent().isEmpty()
        && roster.strangers().isEmpty()
        && topology.pods().stream().allMatch(name -> view.pod(name).isPresent());
  }

  List<Peer> shard(int index) {
    return peers().stream().filter(peer -> peer.pod().shard() == index).toList();
  }

  /** The peer of a shard that owns slots; the one with most, should there be several. */
  Optional<Peer> masterOf(int shard) {
    return shard(shard).stream()
        .filter(peer -> ownership.owns(peer.id()))
        .max(java.util.Comparator.comparingInt(peer -> ownership.of(peer.id()).size()));
  }

  /** The name of the pod that was last proven to have this id. */
  Optional<String> podNameOf(NodeId id) {
    return view.memory().members().entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** That pod, where it exists. */
  Optional<Member> podOf(NodeId id) {
    return podNameOf(id).flatMap(view::pod);
  }
}
