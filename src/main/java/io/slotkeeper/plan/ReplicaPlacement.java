package io.slotkeeper.plan;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which copies of the same slots would be lost with one Kubernetes node, although another node is
 * free to take one of them.
 */
public final class ReplicaPlacement {

  private ReplicaPlacement() {}

  /**
   * A replica on the Kubernetes node of its master.
   *
   * @param free a node that takes the replica, and has no pod of this shard
   */
  public record Together(PodState replica, String master, String host, String free) {}

  public static List<Together> of(Health health, ClusterView view) {
    List<Together> together = new ArrayList<>();
    for (Health.Shard shard : health.shards()) {
      Optional<String> host =
          Optional.ofNullable(shard.master())
              .flatMap(view::pod)
              .map(Member::pod)
              .flatMap(pod -> Optional.ofNullable(pod.node()));
      if (host.isEmpty()) {
        continue;
      }
      for (String replica : shard.inSync()) {
        view.pod(replica)
            .map(Member::pod)
            .filter(pod -> host.get().equals(pod.node()))
            .flatMap(pod -> together(shard, pod, host.get(), view))
            .ifPresent(together::add);
      }
    }
    return together;
  }

  private static Optional<Together> together(
      Health.Shard shard, PodState pod, String host, ClusterView view) {
    return free(pod, view)
        .map(free -> new Together(pod, String.valueOf(shard.master()), host, free));
  }

  private static Optional<String> free(PodState pod, ClusterView view) {
    Set<String> taken =
        view.members().stream()
            .filter(member -> member.pod().shard() == pod.shard())
            .flatMap(member -> Optional.ofNullable(member.pod().node()).stream())
            .collect(Collectors.toSet());
    return view.kubernetesNodes().stream()
        .filter(node -> !taken.contains(node.name()))
        .filter(node -> pod.scheduling().allows(node) && takesVolume(node, pod, view))
        .map(KubernetesNode::name)
        .sorted()
        .findFirst();
  }

  /** A volume usually belongs to the zone of the node that it was provisioned for. */
  private static boolean takesVolume(KubernetesNode node, PodState pod, ClusterView view) {
    return view.inventory().claimOf(pod.name()).isEmpty()
        || view.kubernetesNodes().stream()
            .filter(now -> now.name().equals(pod.node()))
            .allMatch(node::sharesZoneWith);
  }
}
