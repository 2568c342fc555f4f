package io.slotkeeper.observe;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.ServerLoad;
import io.slotkeeper.model.Sorted;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything seen at one moment: the pods of a Redis with their servers, and what is remembered.
 *
 * @param members by shard and ordinal
 * @param claims the pods, by name, whose volume claim exists
 * @param acceptedLosses what the user has given up
 * @param kubernetesNodes all; empty where unknown
 * @param inventory the StatefulSets and claims
 * @param load of the servers
 * @param sentinels by ordinal; empty in a mode without
 */
public record ClusterView(
    Instant at,
    List<Member> members,
    Remembered remembered,
    Set<String> claims,
    AcceptedLosses acceptedLosses,
    List<KubernetesNode> kubernetesNodes,
    Inventory inventory,
    ServerLoad load,
    List<SentinelMember> sentinels) {

  private static final Comparator<Member> ORDER =
      Comparator.<Member>comparingInt(m -> m.pod().shard())
          .thenComparingInt(m -> m.pod().ordinal());

  public ClusterView {
    members = members.stream().sorted(ORDER).toList();
    claims = Sorted.set(claims);
    kubernetesNodes = List.copyOf(kubernetesNodes);
    sentinels = sentinels.stream().sorted(Comparator.comparingInt(s -> s.pod().ordinal())).toList();
  }

  public ClusterView(Instant at, List<Member> members, Remembered remembered, Set<String> claims) {
    this(
        at,
        members,
        remembered,
        claims,
        AcceptedLosses.NONE,
        List.of(),
        Inventory.EMPTY,
        ServerLoad.NONE,
        List.of());
  }

  /** The same, with the losses that the user has accepted. */
  public ClusterView withAcceptedLosses(AcceptedLosses losses) {
    return new ClusterView(
        at, members, remembered, claims, losses, kubernetesNodes, inventory, load, sentinels);
  }

  /** The same, with the Kubernetes nodes. */
  public ClusterView withNodes(List<KubernetesNode> kubernetesNodes) {
    return new ClusterView(
        at,
        members,
        remembered,
        claims,
        acceptedLosses,
        kubernetesNodes,
        inventory,
        load,
        sentinels);
  }

  /** The same, with the Kubernetes objects other than pods. */
  public ClusterView withInventory(Inventory objects) {
    return new ClusterView(
        at, members, remembered, claims, acceptedLosses, kubernetesNodes, objects, load, sentinels);
  }

  /** The same, with the load of the servers. */
  public ClusterView withLoad(ServerLoad load) {
    return new ClusterView(
        at,
        members,
        remembered,
        claims,
        acceptedLosses,
        kubernetesNodes,
        inventory,
        load,
        sentinels);
  }

  /** The same, with the Sentinels. */
  public ClusterView withSentinels(List<SentinelMember> sentinels) {
    return new ClusterView(
        at,
        members,
        remembered,
        claims,
        acceptedLosses,
        kubernetesNodes,
        inventory,
        load,
        sentinels);
  }

  /** There is a Kubernetes node of this name, and it is not Ready. */
  public boolean isNodeNotReady(@Nullable String host) {
    return kubernetesNodes.stream().anyMatch(node -> node.name().equals(host) && !node.ready());
  }

  public Optional<Member> pod(String name) {
    for (Member member : members) {
      if (member.pod().name().equals(name)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }
}
