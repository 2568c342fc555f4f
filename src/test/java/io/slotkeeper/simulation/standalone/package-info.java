/**
 * The real planner and executor of mode Standalone against a model of servers that replicate each
 * other, on the platform of {@link io.slotkeeper.simulation}. See {@link
 * io.slotkeeper.simulation.standalone.StandaloneSimulationTest}.
 */
@NullMarked
package io.slotkeeper.simulation.standalone;

import org.jspecify.annotations.NullMarked;
