package io.slotkeeper.simulation.standalone;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Thousands of schedules of faults, for mode Standalone: see {@link Campaign}. {@code
 * -Dsimulation.only} takes only the seeds of one {@link Setting.Kind}.
 */
@Isolated("it takes all processors")
class StandaloneSimulationTest {
  private static final int NORMAL = 300;
  private static final Setting.Kind KIND =
      Setting.Kind.valueOf(System.getProperty("simulation.only", "ANY"));

  /** Beyond the normal number; docs/reliability.md has the reasons, as far as they are known. */
  private static final Set<Long> OPEN = Set.of(8967L);

  @Test
  void everyScheduleOfFaultsIsHealedAndNothingIsDestroyed() {
    new Campaign((seed, trace) -> new Schedule(Setting.of(seed), trace))
        .run(NORMAL, seed -> KIND.includes(Setting.of(seed)), OPEN);
  }
}
