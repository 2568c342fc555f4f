package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is recorded before anything is done: which ids are ours, and where they may run. */
final class MemberRecords {

  private MemberRecords() {}

  static List<Action> plan(ClusterModel cluster) {
    Map<String, NodeId> before = cluster.view().remembered().members();
    Map<String, NodeId> members = new HashMap<>(before);
    List<ServerRef> news = new ArrayList<>();
    for (Peer peer : cluster.peers()) {
      if (!peer.id().equals(members.put(peer.pod().name(), peer.id()))) {
        news.add(peer.target());
      }
    }
    members.entrySet().removeIf(member -> isPast(cluster, member));
    Map<String, ServerLocations> locations = new HashMap<>();
    members.forEach((pod, id) -> {
      ServerLocations serverLocations = trail(cluster, pod, before.get(pod), id);
      if (!serverLocations.equals(ServerLocations.NONE)) {
        locations.put(pod, serverLocations);
      }
    });
    boolean same =
        members.equals(before) && locations.equals(cluster.view().remembered().locations());
    return same
        ? List.of()
        : List.of(new Action.RecordMembers(members, locations, news, again(before, news)));
  }

  private static Set<String> again(Map<String, NodeId> before, List<ServerRef> news) {
    return news.stream()
        .map(ServerRef::pod)
        .filter(before::containsKey)
        .collect(Collectors.toSet());
  }

  /** Its pod was removed with its shard, and no server knows the node any more. */
  private static boolean isPast(ClusterModel cluster, Map.Entry<String, NodeId> member) {
    return cluster.complete()
        && !cluster.topology().pods().contains(member.getKey())
        && cluster.view().pod(member.getKey()).isEmpty()
        && cluster.peers().stream().noneMatch(peer -> peer.knows(member.getValue()));
  }

  private static ServerLocations trail(
      ClusterModel cluster, String pod, @Nullable NodeId before, NodeId now) {
    ServerLocations old =
        cluster.view().remembered().locations().getOrDefault(pod, ServerLocations.NONE);
    Set<String> hosts = new HashSet<>();
    cluster.view().pod(pod).map(member -> member.pod().node()).ifPresent(hosts::add);
    Map<NodeId, Set<String>> replaced = new HashMap<>(old.replaced());
    if (before != null && !before.equals(now)) {
      if (!old.nodes().isEmpty()) {
        replaced.put(before, old.nodes());
      }
    } else if (!cluster.membership().has(now)) {
      hosts.addAll(old.nodes()); // its old server may still run where it was
    }
    replaced.remove(now);
    // Of an owner that is gone, only a server that does not answer now may know.
    replaced.keySet().removeIf(id -> cluster.complete() && !cluster.ownership().owns(id));
    return new ServerLocations(hosts, replaced);
  }
}
