package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Moves slots step by step. A step looks at source and destination, continues from wherever they
 * are, and returns within about its budget; after a crash, the next step continues.
 */
public final class SlotMigration {
  /** How often the state of atomic moves is polled: servers do not report it on their own. */
  private static final Duration GLANCE = Duration.ofMillis(20);

  private final RedisNodes nodes;
  private final Fanout fanout;
  private final InstantSource clock;

  public SlotMigration(RedisNodes nodes, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.fanout = fanout;
    this.clock = clock;
  }

  /**
   * One step. Servers that fail end it; that is reported, not thrown.
   *
   * @param budget after this the step ends as soon as no slot is left open, or, where slots are too
   *     large for that, somewhere in them; what the servers do by themselves is watched for as long
   */
  public MigrationProgress step(
      MigrationMethod method, SlotMove move, MigrationLimits limits, Duration budget) {
    Instant deadline = clock.instant().plus(budget);
    MigrationProgress progress = once(method, move, limits, budget);
    while (method != MigrationMethod.CLASSIC
        && (progress.state() == State.RUNNING || progress.state() == State.WAITING)
        && clock.instant().plus(GLANCE).isBefore(deadline)
        && waited()) {
      progress = once(method, move, limits, budget);
    }
    return progress;
  }

  private static boolean waited() {
    try {
      Thread.sleep(GLANCE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private MigrationProgress once(
      MigrationMethod method, SlotMove move, MigrationLimits limits, Duration budget) {
    ProgressCounter counter = new ProgressCounter(move.slots().size());
    try {
      NodeSnapshot source = nodes.at(move.source().endpoint()).look();
      NodeSnapshot destination = nodes.at(move.destination().endpoint()).look();
      MigrationState standing = MigrationState.of(move, source, destination);
      counter.left(move.slots().size() - standing.there().size());
      if (standing.obstacle().isPresent()) {
        return counter.progress(State.FAILED, standing.obstacle().get());
      }
      if (counter.left() == 0) {
        return counter.progress(State.FINISHED, "");
      }
      if (!standing.disputed().isEmpty()) {
        return counter.progress(
            State.WAITING, "source and destination do not agree yet on " + standing.disputed());
      }
      Optional<String> unsettled = MigrationState.unsettled(source, destination);
      if (unsettled.isPresent()) {
        return counter.progress(State.WAITING, unsettled.get());
      }
      return switch (method) {
        case CLASSIC ->
            new ClassicStep(nodes, fanout, clock, move, limits, source, destination, counter)
                .run(standing, budget);
        case REDIS_ATOMIC, VALKEY_ATOMIC ->
            new AtomicStep(move, driver(method, move), counter).run(standing, source, destination);
      };
    } catch (RedisUnavailableException | RedisErrorException e) {
      return counter.progress(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Cancels what the servers do by themselves: the slots stay where they are. Where they can do
   * several moves at once (Valkey), all moves out of the source are cancelled.
   *
   * <p>A cancelled classic move has no open slots after a step, as a rule; those it has are closed
   * by {@link SlotRepair}.
   */
  public void cancel(MigrationMethod method, SlotMove move) {
    if (method != MigrationMethod.CLASSIC) {
      driver(method, move).cancel();
    }
  }

  private AtomicCommands driver(MigrationMethod method, SlotMove move) {
    return method == MigrationMethod.REDIS_ATOMIC
        ? AtomicCommands.redis(nodes, move)
        : AtomicCommands.valkey(nodes, move);
  }
}
