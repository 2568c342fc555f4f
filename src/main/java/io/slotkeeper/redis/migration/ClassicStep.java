package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.NodeSnapshot.Engine;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotCommands.Mark;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One step of a move by {@code SETSLOT} and {@code MIGRATE}, in batches of slots.
 *
 * <p>The order within a batch is that of redis.io/commands/cluster-setslot: the destination expects
 * the slots before the source redirects clients to it; when the source is empty, the destination
 * owns the slots before the source gives them up, so that they have an owner if either dies.
 */
final class ClassicStep {
  private static final int MOST_SLOTS = 1000;
  private static final int MOST_KEYS = 20_000;
  private static final long MOST_BYTES = 64 << 20;

  /** Valkey 8 and later: how many SETSLOT at once (see {@link SlotCommands#setSlots}). */
  static final int PARALLEL = 32;

  private final Fanout fanout;
  private final InstantSource clock;
  private final SlotMove move;
  private final NodeSnapshot source;
  private final NodeSnapshot destination;
  private final ProgressCounter counter;
  private final Drain drain;
  private final MigrationRecheck freshness;
  private final SlotCommands from;
  private final SlotCommands to;
  private final List<SlotCommands> others;
  private final int parallel;

  ClassicStep(
      RedisNodes nodes,
      Fanout fanout,
      InstantSource clock,
      SlotMove move,
      MigrationLimits limits,
      NodeSnapshot source,
      NodeSnapshot destination,
      ProgressCounter counter) {
    this.fanout = fanout;
    this.clock = clock;
    this.move = move;
    this.source = source;
    this.destination = destination;
    this.counter = counter;
    drain =
        new Drain(
            nodes,
            clock,
            move.source(),
            move.destination(),
            Drain.Winner.SOURCE,
            source,
            limits,
            counter);
    freshness = new MigrationRecheck(nodes, clock, move);
    from = nodes.at(move.source().endpoint()).slots();
    to = nodes.at(move.destination().endpoint()).slots();
    others = move.others().stream().map(endpoint -> nodes.at(endpoint.endpoint()).slots()).toList();
    parallel =
        source.engine() == Engine.VALKEY && MigrationMethod.atLeast(source, 8, 0) ? PARALLEL : 1;
  }

  MigrationProgress run(MigrationState standing, Duration budget) {
    Instant deadline = clock.instant().plus(budget);
    if (source.databases() > 1) {
      // GETKEYSINSLOT and COUNTKEYSINSLOT of Valkey 9 count only the selected database.
      return counter.progress(
          State.FAILED,
          "slots of a cluster with more than one database (cluster-databases) can be moved only when"
              + " all its servers are Valkey 9 or later");
    }
    SlotSet moved = SlotSet.NONE;
    try {
      if (!standing.claimed().isEmpty()) {
        moved = give(standing.claimed());
      }
      SlotSet open = standing.open();
      SlotSet closed = standing.here().minus(open);
      boolean bare = destination.table().myself().slots().isEmpty();
      while (!open.isEmpty() || !closed.isEmpty()) {
        if (!clock.instant().isBefore(deadline)) {
          return counter.progress(State.RUNNING, "");
        }
        SlotSet batch = batch(open.isEmpty() ? closed : open, bare);
        bare = false;
        freshness.require(batch, MigrationState::here);
        SlotSet orphaned = batch.minus(knownOwners());
        if (!orphaned.isEmpty()) {
          to.setSlots(orphaned, new Mark.Owned(move.source().id()), parallel);
        }
        to.setSlots(batch, new Mark.Importing(move.source().id()), parallel);
        from.setSlots(batch, new Mark.Migrating(move.destination().id()), parallel);
        // A batch is finished even if it takes longer, unless it is much larger than it seemed.
        if (!drain.run(batch, batch.size() == 1 ? deadline : deadline.plus(budget))) {
          return counter.progress(State.RUNNING, "slots " + batch + " are large: not finished yet");
        }
        freshness.require(batch, MigrationState::open);
        to.setSlots(batch, new Mark.Owned(move.destination().id()), parallel);
        moved = moved.plus(give(batch));
        open = open.minus(batch);
        closed = closed.minus(batch);
      }
      return counter.progress(State.FINISHED, "");
    } finally {
      tellOthers(moved);
    }
  }

  /**
   * The slots for which the destination knows a living owner. While it imports a slot it takes no
   * updates for it from the cluster bus (clusterUpdateSlotsConfigWith): after a failover of the
   * source it knows no owner, and would refuse the keys.
   */
  private SlotSet knownOwners() {
    return destination.table().nodes().stream()
        .filter(node -> MigrationState.isLivingMaster(destination, node.id()))
        .map(ClusterNode::slots)
        .reduce(SlotSet.NONE, SlotSet::plus);
  }

  /**
   * As many slots as can be moved soon: they are open, and clients redirected, all that time.
   *
   * @param bare the destination owns no slot yet: until then no master votes for its replica, and
   *     keys that it holds would be lost with it. The first slot is one with few keys.
   */
  private SlotSet batch(SlotSet slots, boolean bare) {
    SlotSet candidates = SlotSet.of(slots.stream().limit(MOST_SLOTS).toArray());
    Map<Integer, Long> counts = from.countKeys(candidates);
    if (bare) {
      return candidates.stream()
          .boxed()
          .min(Comparator.comparing(slot -> counts.getOrDefault(slot, 0L)))
          .map(SlotSet::of)
          .orElse(candidates);
    }
    long bytesPerKey = Math.max(1, source.usedMemory() / Math.max(1, source.keys()));
    long most = Math.clamp(MOST_BYTES / bytesPerKey, 1, MOST_KEYS);
    long keys = 0;
    int taken = 0;
    for (int slot : candidates.stream().toArray()) {
      keys += counts.getOrDefault(slot, 0L);
      if (taken > 0 && keys > most) {
        break;
      }
      taken++;
    }
    return SlotSet.of(candidates.stream().limit(taken).toArray());
  }

  /** The destination owns the slots already; the source gives them up. */
  private SlotSet give(SlotSet slots) {
    try {
      from.setSlots(slots, new Mark.Owned(move.destination().id()), parallel);
    } catch (RedisErrorException e) {
      // It has lost its last slot, has heard so already, and has become a replica (redis #9223).
      if (!String.valueOf(e.getMessage()).contains("SETSLOT only with masters")) {
        throw e;
      }
    }
    counter.slots(slots.size());
    return slots;
  }

  /**
   * The other masters then redirect clients at once; over the cluster bus they hear of it later. In
   * Valkey hardly later, and each would wait for its replicas, slot by slot.
   */
  private void tellOthers(SlotSet slots) {
    if (slots.isEmpty() || source.engine() == Engine.VALKEY) {
      return;
    }
    var _ =
        fanout.map(
            others,
            other -> {
              try {
                other.setSlots(slots, new Mark.Owned(move.destination().id()), parallel);
                return true;
              } catch (RedisUnavailableException | RedisErrorException e) {
                return false;
              }
            });
  }
}
