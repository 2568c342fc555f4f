package io.slotkeeper.status;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that one pass found out, for the status to be made from.
 *
 * @param version of the server that the resource asks for, empty where its RedisVersion is missing
 * @param memory what is remembered after this pass
 * @param problem what keeps the resource's wishes from being carried out
 * @param warnings what is accepted but unwise
 * @param halted the pods were asked to stop
 */
public record Report(
    long generation,
    Topology topology,
    Optional<String> version,
    String selector,
    ClusterView view,
    Plan plan,
    Memory memory,
    Optional<Problem> problem,
    List<Problem> warnings,
    boolean halted,
    Instant now) {}
