package io.slotkeeper.reconcile;

import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.model.Finding;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.reasons.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one pass found out and did.
 *
 * @param halted the servers are stopping or stopped because the spec says so
 * @param stale what the spec asks for and running pods do not have yet
 * @param failures the stages that failed
 * @param pending the changes that Kubernetes has not carried out yet
 * @param reported what others say of the pods
 * @param settingAccepted a server took a setting, which may be written for those that start now
 */
record PassResult(
    DesiredState desired,
    boolean halted,
    List<ObjectApplier.Result> applied,
    ClusterView view,
    Plan plan,
    List<Outcome> outcomes,
    Optional<Problem> stale,
    List<Problem> failures,
    List<String> pending,
    List<Finding> reported,
    boolean settingAccepted) {

  /** What keeps the spec from being carried out; first what the user can correct. */
  Optional<Problem> problem() {
    List<Problem> problems = new ArrayList<>();
    desired.problem().ifPresent(problems::add);
    ObjectProblems.of(applied).ifPresent(problems::add);
    problems.addAll(failures);
    stale.ifPresent(problems::add);
    return problems.stream().findFirst();
  }

  List<String> created() {
    return applied.stream()
        .filter(ObjectApplier.Result::created)
        .map(ObjectApplier.Result::name)
        .toList();
  }
}
