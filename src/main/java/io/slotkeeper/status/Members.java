package io.slotkeeper.status;

import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.observe.Trail;
import io.slotkeeper.redis.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is remembered of each pod, as the status has it. */
public final class Members {

  private Members() {}

  public static List<MemberStatus> status(Map<String, NodeId> members, Map<String, Trail> trails) {
    return members.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> {
          Trail trail = trails.getOrDefault(entry.getKey(), Trail.NONE);
          return new MemberStatus(
              entry.getKey(), entry.getValue().value(), sorted(trail.hosts()), replaced(trail));
        })
        .toList();
  }

  private static List<MemberStatus.ReplacedMember> replaced(Trail trail) {
    return trail.replaced().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            new MemberStatus.ReplacedMember(entry.getKey().value(), sorted(entry.getValue())))
        .toList();
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }

  /** The other way round; what is not an id is left out. */
  public static Map<String, NodeId> ids(List<MemberStatus> members) {
    Map<String, NodeId> ids = new HashMap<>();
    members.stream()
        .filter(member -> NodeId.isValid(member.id()))
        .forEach(member -> ids.put(member.pod(), new NodeId(member.id())));
    return ids;
  }

  public static Map<String, Trail> trails(List<MemberStatus> members) {
    Map<String, Trail> trails = new HashMap<>();
    for (MemberStatus member : members) {
      Map<NodeId, Set<String>> replaced = new HashMap<>();
      member.replaced().stream()
          .filter(former -> NodeId.isValid(former.id()))
          .forEach(former -> replaced.put(new NodeId(former.id()), new HashSet<>(former.nodes())));
      Trail trail = new Trail(new HashSet<>(member.nodes()), replaced);
      if (!trail.equals(Trail.NONE)) {
        trails.put(member.pod(), trail);
      }
    }
    return trails;
  }
}
