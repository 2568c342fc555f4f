package io.slotkeeper.observe;

import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Converts what is remembered of each pod to and from the status. */
public final class MemberStatuses {

  private MemberStatuses() {}

  public static List<MemberStatus> status(
      Map<String, NodeId> members, Map<String, ServerLocations> locations) {
    return members.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> {
          ServerLocations serverLocations =
              locations.getOrDefault(entry.getKey(), ServerLocations.NONE);
          return new MemberStatus(
              entry.getKey(),
              entry.getValue().value(),
              sorted(serverLocations.nodes()),
              replaced(serverLocations));
        })
        .toList();
  }

  private static List<MemberStatus.ReplacedMember> replaced(ServerLocations serverLocations) {
    return serverLocations.replaced().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            new MemberStatus.ReplacedMember(entry.getKey().value(), sorted(entry.getValue())))
        .toList();
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }

  /** The reverse conversion; entries that are not ids are left out. */
  public static Map<String, NodeId> ids(List<MemberStatus> members) {
    Map<String, NodeId> ids = new HashMap<>();
    members.stream()
        .filter(member -> NodeId.isValid(member.id()))
        .forEach(member -> ids.put(member.pod(), new NodeId(member.id())));
    return ids;
  }

  public static Map<String, ServerLocations> trails(List<MemberStatus> members) {
    Map<String, ServerLocations> locations = new HashMap<>();
    for (MemberStatus member : members) {
      Map<NodeId, Set<String>> replaced = new HashMap<>();
      member.replaced().stream()
          .filter(former -> NodeId.isValid(former.id()))
          .forEach(former -> replaced.put(new NodeId(former.id()), new HashSet<>(former.nodes())));
      ServerLocations serverLocations =
          new ServerLocations(new HashSet<>(member.nodes()), replaced);
      if (!serverLocations.equals(ServerLocations.NONE)) {
        locations.put(member.pod(), serverLocations);
      }
    }
    return locations;
  }
}
