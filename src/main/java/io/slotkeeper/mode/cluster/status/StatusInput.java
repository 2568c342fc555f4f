package io.slotkeeper.mode.cluster.status;

import io.slotkeeper.mode.cluster.observe.ClusterView;
import io.slotkeeper.mode.cluster.observe.Remembered;
import io.slotkeeper.mode.cluster.plan.Plan;
import io.slotkeeper.mode.cluster.plan.Topology;
import io.slotkeeper.model.Finding;
import io.slotkeeper.status.Problem;
import io.slotkeeper.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that one pass found out, for the status to be made from.
 *
 * @param remembered what is remembered after this pass
 * @param problem what keeps the resource's wishes from being carried out
 * @param warnings what is accepted but unwise
 * @param halted the pods were asked to stop
 * @param pending what Kubernetes does not have yet of what the spec asks for: sentences
 * @param reported what was found beside the plan: pods that cannot be created, servers that do not
 *     reach each other
 */
public record StatusInput(
    long generation,
    Topology topology,
    String selector,
    ClusterView view,
    Plan plan,
    Remembered remembered,
    Optional<Problem> problem,
    List<Problem> warnings,
    boolean halted,
    Instant now,
    List<String> pending,
    List<Finding> reported) {

  public StatusInput {
    warnings = List.copyOf(warnings);
    pending = List.copyOf(pending);
    reported = List.copyOf(reported);
  }

  /** Something of another stands where a part of this resource should: its Service, say. */
  Optional<Problem> nameTaken() {
    return problem.filter(p -> p.reason() == Reason.NameTaken);
  }

  /**
   * Nothing gets better by itself.
   *
   * @param updates reasons of what is on its way
   */
  boolean isBlocked(Set<Reason> updates) {
    return problem
        .map(Problem::reason)
        .filter(reason -> !updates.contains(reason) && reason != Reason.WaitingForDeletion)
        .isPresent();
  }
}
