package io.slotkeeper.operator;

import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.LiveSettings.Missing;
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

/**
 * What running pods do not have yet of what the resource asks for: it is told. Where data is kept
 * changes step by step.
 */
final class Staleness {
  private final PersistenceTransition persistence;

  Staleness(PersistenceTransition persistence) {
    this.persistence = persistence;
  }

  /**
   * @param missing wanted settings that servers do not have
   */
  Optional<Problem> of(
      Cluster cluster, Wish wish, ClusterView view, Plan plan, List<Missing> missing) {
    if (wish.objects().isEmpty() || wish.halted()) {
      return Optional.empty();
    }
    List<Pending> pending =
        plan.pace() == Pace.EAGER
            ? persistence.pending(cluster)
            : persistence.advance(cluster, view, wish.settings());
    Optional<Problem> update = Updates.problem(wish.topology(), plan.update());
    return update
        .filter(problem -> problem.reason() == Reason.Updating)
        .or(() -> SettingProblems.refused(missing))
        .or(() -> update)
        .or(() -> SettingProblems.others(missing, wish.topology().replicas()))
        .or(() -> changing(pending));
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
  }
}
