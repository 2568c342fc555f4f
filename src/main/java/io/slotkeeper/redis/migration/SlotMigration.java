package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.migration.Progress.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Moves slots step by step. A step looks at source and destination, goes on from wherever they are,
 * and returns within about its budget; whoever died in the middle of one calls the next.
 */
public final class SlotMigration {
  /** How often servers that move slots by themselves are asked how they do: they do not tell. */
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
   * One step. Servers that fail end it; that is told, not thrown.
   *
   * @param budget after this the step ends as soon as no slot is left open, or, where slots are too
   *     large for that, somewhere in them; what the servers do by themselves is watched for as long
   */
  public Progress step(Method method, Move move, Limits limits, Duration budget) {
    Instant deadline = clock.instant().plus(budget);
    Progress progress = once(method, move, limits, budget);
    while (method != Method.CLASSIC
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

  private Progress once(Method method, Move move, Limits limits, Duration budget) {
    Tally tally = new Tally(move.slots().size());
    try {
      NodeSnapshot source = nodes.at(move.source().endpoint()).look();
      NodeSnapshot destination = nodes.at(move.destination().endpoint()).look();
      Standing standing = Standing.of(move, source, destination);
      tally.left(move.slots().size() - standing.there().size());
      if (standing.obstacle().isPresent()) {
        return tally.progress(State.FAILED, standing.obstacle().get());
      }
      if (tally.left() == 0) {
        return tally.progress(State.FINISHED, "");
      }
      if (!standing.disputed().isEmpty()) {
        return tally.progress(
            State.WAITING, "source and destination do not agree yet on " + standing.disputed());
      }
      Optional<String> unsettled = Standing.unsettled(source, destination);
      if (unsettled.isPresent()) {
        return tally.progress(State.WAITING, unsettled.get());
      }
      return switch (method) {
        case CLASSIC ->
            new ClassicStep(nodes, fanout, clock, move, limits, source, destination, tally)
                .run(standing, budget);
        case REDIS_ATOMIC, VALKEY_ATOMIC ->
            new AtomicStep(move, driver(method, move), tally).run(standing, source, destination);
      };
    } catch (RedisUnavailableException | RedisErrorException e) {
      return tally.progress(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Gives up what the servers do by themselves: the slots stay where they are. Where they can do
   * several moves at once (Valkey), all those that leave the source are given up.
   *
   * <p>A classic move that is given up has no open slots after a step, as a rule; those it has are
   * closed by {@link SlotRepair}.
   */
  public void cancel(Method method, Move move) {
    if (method != Method.CLASSIC) {
      driver(method, move).cancel();
    }
  }

  private Driver driver(Method method, Move move) {
    return method == Method.REDIS_ATOMIC ? Driver.redis(nodes, move) : Driver.valkey(nodes, move);
  }
}
