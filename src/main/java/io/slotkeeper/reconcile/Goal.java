package io.slotkeeper.reconcile;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What a pass keeps the servers of a Redis at.
 *
 * @param generation of the spec that it comes from
 * @param topology that of the running servers, where a change is not possible
 * @param halted the spec asks for no servers
 * @param givesSettings there are settings that running servers are to have
 * @param problem what stands in the way of carrying the spec out
 * @param warnings what is accepted but unwise
 */
public record Goal(
    RedisRef ref,
    long generation,
    Topology topology,
    boolean halted,
    boolean givesSettings,
    Optional<Problem> problem,
    List<Problem> warnings) {

  public Goal {
    warnings = List.copyOf(warnings);
  }
}
