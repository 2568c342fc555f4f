package io.slotkeeper.simulation.standalone;

import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.simulation.Chance;
import java.util.Map;

/**
 * What one seed is about, as far as it is about Sentinels.
 *
 * @param sentinels how many, at first
 * @param downAfter milliseconds after which they find a server down
 * @param failoverTimeout in milliseconds
 * @param faults that concern them
 * @param scales the user wants another number of them
 * @param rolls their pods are replaced, one after the other
 */
record Watch(
    int sentinels,
    int downAfter,
    int failoverTimeout,
    int parallelSyncs,
    int faults,
    boolean scales,
    boolean rolls) {
  static final String MASTER = "x";

  static Watch of(Setting setting) {
    Chance chance = new Chance(setting.scenario().seed() ^ 0x5E471E1L);
    int faults = setting.scenario().faults() == 1 ? 0 : chance.between(0, 3);
    return new Watch(
        chance.oneIn(4) ? 5 : 3,
        chance.oneIn(3) ? chance.between(1000, 4000) : 5000,
        chance.oneIn(3) ? chance.between(5000, 20_000) : 60_000,
        chance.oneIn(3) ? 3 : 1,
        faults,
        chance.oneIn(5),
        chance.oneIn(5));
  }

  SentinelPolicy policy(int wanted) {
    return new SentinelPolicy(
        wanted,
        wanted / 2 + 1,
        MASTER,
        Map.of(
            "down-after-milliseconds",
            Integer.toString(downAfter),
            "failover-timeout",
            Integer.toString(failoverTimeout),
            "parallel-syncs",
            Integer.toString(parallelSyncs)));
  }
}
