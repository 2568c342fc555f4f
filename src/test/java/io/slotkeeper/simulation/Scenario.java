package io.slotkeeper.simulation;

import io.slotkeeper.plan.Topology;

/**
 * What one seed is about.
 *
 * @param durable the data survives the container and the pod; otherwise a kill loses it, and the
 *     volume goes with the pod
 * @param auth servers have a password, different from that of the other Redis
 * @param guarded the start script holds back a master that lost its data
 * @param spreadsForget servers tell each other whom to forget (Redis 7.2, Valkey)
 * @param staleness of the operator's view of pods, in milliseconds
 * @param faults how many
 */
record Scenario(
    long seed,
    int shards,
    int replicas,
    long nodeTimeout,
    boolean durable,
    boolean auth,
    boolean guarded,
    boolean spreadsForget,
    boolean writes,
    int staleness,
    int faults) {

  /** The user accepts a loss, rather than restoring a backup. */
  boolean givesUp() {
    return seed % 4 != 0;
  }

  static Scenario of(long seed) {
    Chance chance = new Chance(~seed);
    return new Scenario(
        seed,
        chance.oneIn(10) ? chance.between(1, 2) : chance.between(3, 4),
        chance.oneIn(8) ? 0 : chance.between(1, 2),
        5000,
        !chance.oneIn(3),
        !chance.oneIn(4),
        true,
        chance.oneIn(2),
        !chance.oneIn(10),
        chance.oneIn(2) ? chance.between(0, 100) : chance.between(100, 2000),
        chance.oneIn(10) ? 0 : chance.between(1, 6));
  }

  Topology topology() {
    return new Topology("x", shards, replicas, nodeTimeout);
  }
}
