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

/** Which copies of the same slots would be lost with one machine, although another one is free. */
public final class Placement {

  private Placement() {}

  /**
   * A replica on the machine of its master.
   *
   * @param free a machine that takes pods, and has none of this shard
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
      Optional<String> free = free(shard.index(), view);
      if (host.isEmpty() || free.isEmpty()) {
        continue;
      }
      for (String replica : shard.inSync()) {
        view.pod(replica)
            .map(Member::pod)
            .filter(pod -> host.get().equals(pod.node()))
            .ifPresent(pod ->
                together.add(
                    new Together(pod, String.valueOf(shard.master()), host.get(), free.get())));
      }
    }
    return together;
  }

  private static Optional<String> free(int shard, ClusterView view) {
    Set<String> taken =
        view.members().stream()
            .filter(member -> member.pod().shard() == shard)
            .flatMap(member -> Optional.ofNullable(member.pod().node()).stream())
            .collect(Collectors.toSet());
    return view.hosts().stream()
        .filter(Host::schedulable)
        .map(Host::name)
        .filter(name -> !taken.contains(name))
        .sorted()
        .findFirst();
  }
}
