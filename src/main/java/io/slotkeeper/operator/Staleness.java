package io.slotkeeper.operator;

import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.LiveSettings;
import io.slotkeeper.act.LiveSettings.Refusal;
import io.slotkeeper.act.PersistenceTransition;
import io.slotkeeper.act.PersistenceTransition.Pending;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Pace;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import io.slotkeeper.status.Updates;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What running pods do not have yet of what the resource asks for. Settings that a server takes
 * while it runs are given to it; the rest is told.
 */
final class Staleness {
  private final LiveSettings settings;
  private final PersistenceTransition persistence;

  Staleness(LiveSettings settings, PersistenceTransition persistence) {
    this.settings = settings;
    this.persistence = persistence;
  }

  Optional<Problem> of(Cluster cluster, Wish wish, ClusterView view, Plan plan) {
    if (wish.objects().isEmpty() || wish.halted()) {
      return Optional.empty();
    }
    List<Pending> pending =
        plan.pace() == Pace.EAGER
            ? persistence.pending(cluster)
            : persistence.advance(cluster, view, wish.settings());
    return Updates.problem(wish.topology(), plan.update())
        .or(() -> ofSettings(cluster, wish, view, plan))
        .or(() -> changing(pending));
  }

  private Optional<Problem> ofSettings(Cluster cluster, Wish wish, ClusterView view, Plan plan) {
    if (plan.pace() != Pace.RESTING) {
      return Optional.empty();
    }
    List<Refusal> refusals = settings.keep(cluster, view, wish.settings());
    return refusals.isEmpty()
        ? Optional.empty()
        : Optional.of(
            restartNeeded(
                list(refusals.stream().map(Refusal::setting)),
                refusals.stream().map(Refusal::pod)));
  }

  private static Problem restartNeeded(String what, Stream<String> pods) {
    return new Problem(
        Reason.RestartNeeded,
        "Only a new pod takes the change of %s. Delete these pods one at a time, each when Ready is True again: %s."
            .formatted(what, list(pods)));
  }

  private static Optional<Problem> changing(List<Pending> pending) {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    boolean blocked = pending.stream().anyMatch(Pending::blocked);
    String servers =
        pending.stream()
            .filter(server -> server.blocked() == blocked)
            .map(server -> server.pod() + ": " + server.what())
            .sorted()
            .collect(Collectors.joining("; "));
    return Optional.of(
        new Problem(
            blocked ? Reason.PersistenceBlocked : Reason.ChangingPersistence,
            "Servers change to the wanted appendonly and save, one of each shard at a time; %d are still to come. %s."
                .formatted(pending.size(), servers)));
  }

  /** Forgets pods that are gone. */
  void retain(Set<String> podUids) {
    persistence.retain(podUids);
    settings.retain(podUids);
  }

  private static String list(Stream<String> items) {
    return items.distinct().sorted().collect(Collectors.joining(", "));
  }
}
