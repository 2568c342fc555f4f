package io.slotkeeper.operator;

import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.LiveSettings;
import io.slotkeeper.act.LiveSettings.Refusal;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What running pods do not have yet of what the resource asks for. Settings that a server takes
 * while it runs are given to it here; the rest needs a new pod.
 */
final class Staleness {
  private final LiveSettings settings;

  Staleness(LiveSettings settings) {
    this.settings = settings;
  }

  /** Looks only while nothing else is to be done. */
  Optional<Problem> of(
      Cluster cluster, Wish wish, Secondary secondary, ClusterView view, Plan plan) {
    if (plan.pace() != Pace.RESTING || wish.settings().isEmpty()) {
      return Optional.empty();
    }
    List<Refusal> refusals = settings.keep(cluster, view, wish.settings());
    PodRevisions revisions = new PodRevisions(secondary.shards());
    List<String> outdated =
        secondary.podObjects().stream()
            .filter(revisions::isOutdated)
            .map(pod -> pod.getMetadata().getName())
            .sorted()
            .toList();
    List<String> changes = new ArrayList<>();
    if (!outdated.isEmpty()) {
      changes.add("the pod template of " + String.join(", ", outdated));
    }
    if (!refusals.isEmpty()) {
      changes.add(
          "%s of %s"
              .formatted(
                  list(refusals.stream().map(Refusal::setting)),
                  list(refusals.stream().map(Refusal::pod))));
    }
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.RestartNeeded,
                "Only a new pod takes the change of %s. Delete these pods one at a time, each when Ready is True again."
                    .formatted(String.join(", and of ", changes))));
  }

  /** Forgets pods that are gone. */
  void retain(Set<String> podUids) {
    settings.retain(podUids);
  }

  private static String list(Stream<String> items) {
    return items.distinct().sorted().collect(Collectors.joining(", "));
  }
}
