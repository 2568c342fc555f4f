/**
 * The real planner and executor against a model of Redis Cluster and StatefulSets, in virtual time,
 * with seeded faults between any two commands. See {@link io.slotkeeper.simulation.SimulationTest}.
 */
@NullMarked
package io.slotkeeper.simulation;

import org.jspecify.annotations.NullMarked;
