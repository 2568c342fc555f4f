package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.SlotSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which of the servers that answered are this cluster's own.
 *
 * <p>A server is ours if its id was proven before, or if it is blank: it knows no other node, owns
 * no slot and holds no key, so it cannot belong to another cluster. Where nothing is remembered
 * (the Redis was re-created around running pods), the servers are ours if all pods answer, know
 * exactly each other, and own all slots: a part of a cluster may be a part of another one. Every
 * other server is a foreign node, and while there is one, nothing is touched: one wrong MEET merges
 * two clusters, and the one with the greater epochs wipes the other.
 *
 * @param ours by id
 * @param foreignNodes those that answered and are not known to be ours
 * @param absent pods whose server did not answer
 */
record Membership(Map<NodeId, Peer> ours, List<Peer> foreignNodes, List<Member> absent) {

  static Membership of(Topology topology, ClusterView view) {
    List<Peer> peers = new ArrayList<>();
    List<Member> absent = new ArrayList<>();
    for (Member member : view.members()) {
      member
          .snapshot()
          .ifPresentOrElse(
              snapshot -> peers.add(Peer.of(member, snapshot)), () -> absent.add(member));
    }
    for (Peer peer : List.copyOf(peers)) {
      if (isElsewhere(peer, view)) {
        peers.remove(peer);
        absent.add(peer.member());
      }
    }
    Set<NodeId> copies = duplicates(peers);
    boolean adopted = view.remembered().isEmpty() && isClosedCluster(topology, peers);
    Map<NodeId, Peer> ours = new TreeMap<>();
    List<Peer> foreignNodes = new ArrayList<>();
    for (Peer peer : peers) {
      boolean known = adopted || view.remembered().knows(peer.id()) || peer.snapshot().isBlank();
      if (known && !copies.contains(peer.id())) {
        ours.put(peer.id(), peer);
      } else {
        foreignNodes.add(peer);
      }
    }
    return new Membership(ours, foreignNodes, absent);
  }

  /**
   * The id was proven for another pod. Volumes do not change pods, but addresses do: our knowledge
   * of this pod is outdated, and another pod of ours now has its former address. Where that other
   * pod shows the id at an address of its own, there really are two.
   */
  private static boolean isElsewhere(Peer peer, ClusterView view) {
    String pod = peer.pod().name();
    Map<String, NodeId> members = view.remembered().members();
    return !peer.id().equals(members.get(pod))
        && members.containsValue(peer.id())
        && view.members().stream()
            .filter(other -> !Objects.equals(other.pod().ip(), peer.pod().ip()))
            .flatMap(other -> other.snapshot().stream())
            .noneMatch(snapshot -> snapshot.id().equals(peer.id()));
  }

  /** Two servers with one id: one has a copy of the other's volume. Neither can be trusted. */
  private static Set<NodeId> duplicates(List<Peer> peers) {
    Map<NodeId, Integer> count = new HashMap<>();
    peers.forEach(peer -> count.merge(peer.id(), 1, Integer::sum));
    return count.entrySet().stream()
        .filter(e -> e.getValue() > 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static boolean isClosedCluster(Topology topology, List<Peer> peers) {
    Set<String> pods = peers.stream().map(p -> p.pod().name()).collect(Collectors.toSet());
    Set<NodeId> ids = peers.stream().map(Peer::id).collect(Collectors.toSet());
    return pods.containsAll(topology.pods())
        && SlotOwnership.of(peers, List.of()).covered().equals(SlotSet.ALL)
        && peers.stream().allMatch(peer -> peer.table().keySet().equals(ids));
  }

  Collection<Peer> peers() {
    return ours.values();
  }

  boolean has(NodeId id) {
    return ours.containsKey(id);
  }

  Optional<Peer> find(NodeId id) {
    return Optional.ofNullable(ours.get(id));
  }
}
