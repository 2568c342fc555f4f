package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Checks that a move is still where it was last seen. A step takes seconds, and this process may
 * have been stopped in the middle of it while another one continued: so both servers are looked at
 * again before a command, where the last look is too old.
 */
final class MigrationRecheck {
  /** As long as the guard of an action trusts its look. */
  private static final Duration VALIDITY = Duration.ofMillis(500);

  private final RedisNodes nodes;
  private final InstantSource clock;
  private final SlotMove move;
  private Instant seenAt;

  MigrationRecheck(RedisNodes nodes, InstantSource clock, SlotMove move) {
    this.nodes = nodes;
    this.clock = clock;
    this.move = move;
    seenAt = clock.instant();
  }

  /**
   * @param part of the slots that the batch must be in, according to both servers
   * @throws RedisErrorException where it is not any more
   */
  void require(SlotSet batch, Function<MigrationState, SlotSet> part) {
    if (Duration.between(seenAt, clock.instant()).compareTo(VALIDITY) <= 0) {
      return;
    }
    Instant now = clock.instant();
    NodeSnapshot source = nodes.at(move.source().endpoint()).look();
    NodeSnapshot destination = nodes.at(move.destination().endpoint()).look();
    MigrationState standing = MigrationState.of(move, source, destination);
    if (standing.obstacle().isPresent()) {
      throw new RedisErrorException(standing.obstacle().get());
    }
    SlotSet elsewhere = batch.minus(part.apply(standing));
    if (!elsewhere.isEmpty()) {
      throw new RedisErrorException(
          "another hand has changed slots " + elsewhere + " since they were looked at");
    }
    seenAt = now;
  }
}
