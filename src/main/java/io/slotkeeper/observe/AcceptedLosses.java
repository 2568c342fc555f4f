package io.slotkeeper.observe;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Data losses that the user has accepted, by annotation. Each is named by an id that no other loss
 * has, so an entry never accepts a later one.
 *
 * @param masters ids of lost masters
 * @param replacements ids of empty nodes that are to get slots whose owner no server knows
 * @param malformed entries that are neither
 */
public record AcceptedLosses(
    Set<NodeId> masters, Set<NodeId> replacements, List<String> malformed) {
  public static final String ANNOTATION = "slotkeeper.io/accept-data-loss";
  public static final String REPLACED_BY = "replaced-by:";
  public static final AcceptedLosses NONE = new AcceptedLosses(Set.of(), Set.of(), List.of());

  public AcceptedLosses {
    masters = Set.copyOf(masters);
    replacements = Set.copyOf(replacements);
    malformed = List.copyOf(malformed);
  }

  /**
   * @param value of the annotation: separated by commas, ids of lost masters, and ids of empty
   *     nodes after {@value #REPLACED_BY}
   */
  public static AcceptedLosses parse(@Nullable String value) {
    Set<NodeId> masters = new HashSet<>();
    Set<NodeId> replacements = new HashSet<>();
    List<String> malformed = new ArrayList<>();
    for (String part : value == null ? List.<String>of() : List.of(value.split(",", -1))) {
      String token = part.strip();
      boolean replaced = token.startsWith(REPLACED_BY);
      String id = replaced ? token.substring(REPLACED_BY.length()) : token;
      if (NodeId.isValid(id)) {
        (replaced ? replacements : masters).add(new NodeId(id));
      } else if (!token.isEmpty()) {
        malformed.add(token);
      }
    }
    return new AcceptedLosses(masters, replacements, malformed);
  }

  /**
   * Ids that name no visible loss: a mistake, or a loss repaired since. Empty while no server
   * answers.
   */
  public List<NodeId> unknown(ClusterView view) {
    List<NodeId> unknown = new ArrayList<>();
    List<NodeSnapshot> seen =
        view.members().stream().flatMap(member -> member.snapshot().stream()).toList();
    if (seen.isEmpty()) {
      return unknown;
    }
    for (NodeId id : masters) {
      boolean lives = seen.stream().anyMatch(snapshot -> snapshot.id().equals(id));
      boolean owns =
          remembersPrimary(view, id)
              || seen.stream()
                  .filter(NodeSnapshot::isCluster)
                  .flatMap(snapshot -> snapshot.table().find(id).stream())
                  .anyMatch(node -> !node.slots().isEmpty());
      if (lives || !owns) {
        unknown.add(id);
      }
    }
    for (NodeId id : replacements) {
      boolean empty =
          seen.stream()
              .anyMatch(snapshot ->
                  snapshot.isCluster()
                      && snapshot.id().equals(id)
                      && snapshot.table().myself().slots().isEmpty());
      if (!empty) {
        unknown.add(id);
      }
    }
    return unknown.stream().sorted().toList();
  }

  /** Outside of a cluster no server knows of another that is gone. */
  private static boolean remembersPrimary(ClusterView view, NodeId id) {
    RememberedShard.Owner owner = view.remembered().shard(0).owner();
    return owner != null
        && owner.id().equals(id)
        && view.members().stream()
            .flatMap(member -> member.snapshot().stream())
            .noneMatch(NodeSnapshot::isCluster);
  }
}
