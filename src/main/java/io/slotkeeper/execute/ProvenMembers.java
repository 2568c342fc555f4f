package io.slotkeeper.execute;

import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.plan.Action.RecordMembers;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Servers that are proven to be ours are recorded without those that are not, yet. */
final class ProvenMembers {

  private ProvenMembers() {}

  /**
   * The same without some of the new ones, which are recorded another time; the whole if none can
   * be left out, and unless another id of their pods would get lost with them.
   */
  static RecordMembers of(RecordMembers whole, Set<ServerRef> unproven) {
    Set<String> pods = unproven.stream().map(ServerRef::pod).collect(Collectors.toSet());
    if (!whole.added().containsAll(unproven)
        || whole.added().size() == unproven.size()
        || pods.stream().anyMatch(whole.again()::contains)) {
      return whole;
    }
    Map<String, NodeId> proven = new HashMap<>(whole.members());
    proven.keySet().removeAll(pods);
    Map<String, ServerLocations> theirs = new HashMap<>(whole.locations());
    theirs.keySet().removeAll(pods);
    return new RecordMembers(
        proven,
        theirs,
        whole.added().stream().filter(server -> !unproven.contains(server)).toList(),
        whole.again());
  }
}
