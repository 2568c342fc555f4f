package io.slotkeeper.simulation;

import io.slotkeeper.api.Mode;
import io.slotkeeper.plan.SlotMovePolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;

/**
 * What one seed is about.
 *
 * @param durable the data survives the container and the pod; otherwise a kill loses it, and the
 *     volume goes with the pod
 * @param auth servers have a password, different from that of the other Redis
 * @param guarded the start script holds back a master that lost its data
 * @param spreadsForget servers tell each other which node to forget (Redis 7.2, Valkey)
 * @param failsMoved a master says at once that another one has failed if a different node answers
 *     at its address (Valkey 9)
 * @param staleness of the operator's view of pods, in milliseconds
 * @param faults how many
 * @param scales the user wants another size, several times
 * @param silence one in how many keys arrives at another server, and the answer does not; 0 for
 *     none
 * @param updates the user changes the pod template, and deletes claims
 * @param mode of the servers; what is said of slots is about a cluster
 * @param slow for a while servers and the API server are slow to answer
 */
public record Scenario(
    long seed,
    int shards,
    int replicas,
    long nodeTimeout,
    boolean durable,
    boolean auth,
    boolean guarded,
    boolean spreadsForget,
    boolean failsMoved,
    boolean writes,
    int staleness,
    int faults,
    boolean scales,
    int silence,
    boolean updates,
    Mode mode,
    boolean slow) {

  private static final int SILENCE = 30;

  /** What happens in a schedule besides faults. */
  public enum Kind {
    ANY,
    SINGLE,
    SCALED,
    RECREATED;

    boolean includes(Scenario scenario) {
      return switch (this) {
        case ANY -> true;
        case SINGLE -> scenario.faults() == 1;
        case SCALED -> scenario.scales();
        case RECREATED -> scenario.isRecreated();
      };
    }
  }

  /** The user deletes the Redis, keeps its volumes, and makes it again. */
  boolean isRecreated() {
    return durable && !scales && new Chance(seed ^ 0xDE1EL << 32).oneIn(8);
  }

  /** Where servers write to their AOF later than they answer. */
  boolean hasBusyDisks() {
    return faults > 0 && writes && seed % 2 == 0;
  }

  /** The user accepts a loss, rather than restoring a backup. */
  public boolean givesUp() {
    return seed % 4 != 0;
  }

  /** What a shard leaves behind goes with it. */
  boolean deletesClaims() {
    return seed % 3 != 0;
  }

  /** How long a command that moves slots takes, at most. */
  int slotMillis() {
    return seed % 5 == 0 ? 0 : seed % 2 == 0 ? 60 : 400;
  }

  static Scenario of(long seed) {
    Chance chance = new Chance(~seed);
    int shards = chance.oneIn(10) ? chance.between(1, 2) : chance.between(3, 4);
    int replicas = chance.oneIn(8) ? 0 : chance.between(1, 2);
    boolean durable = !chance.oneIn(3);
    boolean auth = !chance.oneIn(4);
    boolean spreadsForget = chance.oneIn(2);
    return new Scenario(
        seed,
        shards,
        replicas,
        5000,
        durable,
        auth,
        true,
        spreadsForget,
        spreadsForget && seed % 2 == 0,
        !chance.oneIn(10),
        chance.oneIn(2) ? chance.between(0, 100) : chance.between(100, 2000),
        chance.oneIn(10) ? 0 : chance.between(1, 6),
        new Chance(seed ^ 0x5CA1EL << 32).oneIn(4),
        SILENCE,
        false,
        Mode.Cluster,
        false);
  }

  /** The same, and the user changes the pod template, and deletes claims. */
  Scenario updating() {
    return with(true, mode, slow);
  }

  /** The same in another mode. */
  public Scenario in(Mode other) {
    return with(updates, other, slow);
  }

  /** The same, and servers and the API server are slow for a while. */
  Scenario slowed() {
    return with(updates, mode, true);
  }

  private Scenario with(boolean otherUpdates, Mode otherMode, boolean otherSlow) {
    return new Scenario(
        seed,
        shards,
        replicas,
        nodeTimeout,
        durable,
        auth,
        guarded,
        spreadsForget,
        failsMoved,
        writes,
        staleness,
        faults,
        scales,
        silence,
        otherUpdates,
        otherMode,
        otherSlow);
  }

  Topology topology() {
    return new Topology(
        "x", mode, shards, replicas, nodeTimeout, SlotMovePolicy.DEFAULT, UpdatePolicy.NONE);
  }
}
