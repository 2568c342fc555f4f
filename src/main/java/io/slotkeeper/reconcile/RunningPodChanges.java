package io.slotkeeper.reconcile;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.livesettings.PersistenceTransition;
import io.slotkeeper.livesettings.PersistenceTransition.Pending;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.report.UpdateMessages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reports what the resource asks for and running pods do not have yet. Where data is kept changes
 * step by step.
 */
public final class RunningPodChanges {
  private final PersistenceTransition persistence;

  public RunningPodChanges(PersistenceTransition persistence) {
    this.persistence = persistence;
  }

  /**
   * @param missing wanted settings that servers do not have
   */
  Optional<Problem> advance(
      RedisRef ref, DesiredState desired, ClusterView view, Plan plan, List<Missing> missing) {
    if (desired.objects().isEmpty() || desired.halted()) {
      return Optional.empty();
    }
    List<Pending> pending =
        plan.pace() == RequeuePace.EAGER
            ? persistence.pending(ref)
            : persistence.advance(ref, view, desired.settings());
    Optional<Problem> update = UpdateMessages.problem(desired.topology(), plan.update());
    return update
        .filter(problem -> problem.reason() == Reason.Updating)
        .or(() -> SettingProblems.refused(missing))
        .or(() -> update)
        .or(() -> SettingProblems.others(missing, desired.topology().replicas()))
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
  public void retain(Set<String> podUids) {
    persistence.retain(podUids);
  }
}
