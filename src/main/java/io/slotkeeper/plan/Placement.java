package io.slotkeeper.plan;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which copies of the same slots would be lost with one machine, although another one is free that
 * could have one of them.
 */
public final class Placement {

  private Placement() {}

  /**
   * A replica on the machine of its master.
   *
   * @param free a machine that takes the replica, and has none of this shard
   */
  public record Together(PodView replica, String master, String host, String free) {}

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
      Health.Shard shard, PodView pod, String host, ClusterView view) {
    return free(pod, view)
        .map(free -> new Together(pod, String.valueOf(shard.master()), host, free));
  }

  private static Optional<String> free(PodView pod, ClusterView view) {
    Set<String> taken =
        view.members().stream()
            .filter(member -> member.pod().shard() == pod.shard())
            .flatMap(member -> Optional.ofNullable(member.pod().node()).stream())
            .collect(Collectors.toSet());
    return view.hosts().stream()
        .filter(host -> !taken.contains(host.name()))
        .filter(host -> pod.scheduling().allows(host) && takesVolume(host, pod, view))
        .map(Host::name)
        .sorted()
        .findFirst();
  }

  /** A volume mostly belongs to the zone of the node that it was made for. */
  private static boolean takesVolume(Host host, PodView pod, ClusterView view) {
    return view.inventory().claimOf(pod.name()).isEmpty()
        || view.hosts().stream()
            .filter(now -> now.name().equals(pod.node()))
            .allMatch(host::sharesZoneWith);
  }
}
