package io.slotkeeper.plan;

import io.slotkeeper.observe.Trail;
import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is written down before anything is done: which ids are ours, and where they may run. */
final class Remembering {

  private Remembering() {}

  static List<Action> plan(Situation situation) {
    Map<String, NodeId> before = situation.view().memory().members();
    Map<String, NodeId> members = new HashMap<>(before);
    List<Target> news = new ArrayList<>();
    for (Peer peer : situation.peers()) {
      if (!peer.id().equals(members.put(peer.pod().name(), peer.id()))) {
        news.add(peer.target());
      }
    }
    members.entrySet().removeIf(member -> isPast(situation, member));
    Map<String, Trail> trails = new HashMap<>();
    members.forEach((pod, id) -> {
      Trail trail = trail(situation, pod, before.get(pod), id);
      if (!trail.equals(Trail.NONE)) {
        trails.put(pod, trail);
      }
    });
    boolean same = members.equals(before) && trails.equals(situation.view().memory().trails());
    return same ? List.of() : List.of(new Action.Remember(members, trails, news));
  }

  /** Its pod was removed with its shard, and nobody knows the node any more. */
  private static boolean isPast(Situation situation, Map.Entry<String, NodeId> member) {
    return situation.complete()
        && !situation.topology().pods().contains(member.getKey())
        && situation.view().pod(member.getKey()).isEmpty()
        && situation.peers().stream().noneMatch(peer -> peer.knows(member.getValue()));
  }

  private static Trail trail(Situation situation, String pod, @Nullable NodeId before, NodeId now) {
    Trail old = situation.view().memory().trails().getOrDefault(pod, Trail.NONE);
    Set<String> hosts = new HashSet<>();
    situation.view().pod(pod).map(member -> member.pod().node()).ifPresent(hosts::add);
    Map<NodeId, Set<String>> replaced = new HashMap<>(old.replaced());
    if (before != null && !before.equals(now)) {
      if (!old.hosts().isEmpty()) {
        replaced.put(before, old.hosts());
      }
    } else if (!situation.roster().has(now)) {
      hosts.addAll(old.hosts()); // it may have left its server where it was
    }
    replaced.remove(now);
    replaced.keySet().removeIf(id -> !situation.ownership().owns(id));
    return new Trail(hosts, replaced);
  }
}
