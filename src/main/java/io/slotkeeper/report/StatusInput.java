package io.slotkeeper.report;

import io.slotkeeper.model.Finding;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All findings of one pass, as input for the status.
 *
 * @param remembered what is remembered after this pass
 * @param problem what keeps the spec from being carried out
 * @param warnings what is accepted but unwise
 * @param halted the pods were asked to stop
 * @param pending what the spec asks for and Kubernetes does not have yet: sentences
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

  /** A foreign object has the name of one that this resource needs: its Service, say. */
  Optional<Problem> nameTaken() {
    return problem.filter(p -> p.reason() == Reason.NameTaken);
  }

  /**
   * Whether a problem that does not pass by itself stands in the way.
   *
   * @param updates reasons of changes under way
   */
  boolean isBlocked(Set<Reason> updates) {
    return problem
        .map(Problem::reason)
        .filter(reason -> !updates.contains(reason) && reason != Reason.WaitingForDeletion)
        .isPresent();
  }
}
