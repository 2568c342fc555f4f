package io.slotkeeper.simulation.standalone;

import io.slotkeeper.api.Mode;
import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.Scenario;

/**
 * What one seed is about.
 *
 * @param scenario what the platform knows of it
 * @param kept how servers keep their data
 * @param countsAlone a primary without replicas counts its writes (Redis 7.2, Valkey)
 * @param backlog bytes that a primary can send again
 * @param applications clients that write
 * @param drains the user drains Kubernetes nodes
 * @param halts the user stops everything for a while
 */
record Setting(
    Scenario scenario,
    Store.Kept kept,
    boolean countsAlone,
    long backlog,
    int applications,
    boolean drains,
    boolean halts) {
  private static final int MOST_REPLICAS = 3;

  /** What happens in a schedule besides faults. */
  enum Kind {
    ANY,
    /** No fault at all: nothing that was acknowledged may be lost. */
    PLANNED,
    /** One fault: nothing that a replica has acknowledged may be lost. */
    SINGLE;

    boolean includes(Setting setting) {
      return switch (this) {
        case ANY -> true;
        case PLANNED -> setting.isPlanned();
        case SINGLE -> setting.scenario().faults() == 1;
      };
    }
  }

  static Setting of(long seed) {
    Chance chance = new Chance(~seed ^ 0x57A4DL);
    boolean durable = !chance.oneIn(3);
    int faults = chance.oneIn(5) ? 0 : chance.oneIn(4) ? 1 : chance.between(2, 6);
    boolean planned = faults == 0;
    Scenario scenario =
        new Scenario(
            seed,
            1,
            chance.oneIn(5) ? 0 : chance.between(1, MOST_REPLICAS),
            5000,
            durable,
            !chance.oneIn(4),
            true,
            false,
            false,
            true,
            chance.oneIn(2) ? chance.between(0, 100) : chance.between(100, 2000),
            faults,
            planned ? chance.oneIn(2) : chance.oneIn(5),
            0,
            planned ? chance.oneIn(2) : chance.oneIn(5),
            Mode.Standalone,
            false);
    return new Setting(
        scenario,
        durable
            ? chance.oneIn(4) ? Store.Kept.DUMPS : Store.Kept.AOF
            : chance.oneIn(4) ? Store.Kept.NOTHING : Store.Kept.DUMPS,
        chance.oneIn(2),
        chance.oneIn(3) ? chance.between(500, 20_000) : Long.MAX_VALUE / 4,
        chance.between(2, 5),
        (planned ? chance.oneIn(2) : chance.oneIn(6))
            && (durable || (scenario.replicas() > 0 && !scenario.scales())),
        durable && (planned ? chance.oneIn(3) : chance.oneIn(8)));
  }

  /** The same in another mode. */
  Setting in(Mode mode) {
    return new Setting(scenario.in(mode), kept, countsAlone, backlog, applications, drains, halts);
  }

  boolean isPlanned() {
    return scenario.faults() == 0;
  }

  /** What INFO says of the offset where there is none (slave_repl_offset). */
  long unknownOffset() {
    return 1;
  }
}
