package io.slotkeeper.execute;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.migration.MigrationEndpoint;
import io.slotkeeper.redis.migration.MigrationLimits;
import io.slotkeeper.redis.migration.MigrationProgress;
import io.slotkeeper.redis.migration.SlotMigration;
import io.slotkeeper.redis.migration.SlotMove;
import io.slotkeeper.redis.migration.SlotRepair;
import java.time.Duration;
import java.util.Optional;

/** Takes the next step of a slot move. */
final class SlotMover {
  /** Long enough to be worth the look before and after, short enough for a failover to wait. */
  private static final Duration BUDGET = Duration.ofSeconds(1);

  private final RedisNodes nodes;
  private final SlotMigration migration;
  private final SlotRepair repair;

  SlotMover(RedisNodes nodes, SlotMigration migration, SlotRepair repair) {
    this.nodes = nodes;
    this.migration = migration;
    this.repair = repair;
  }

  /**
   * @return why slots are still left; empty when none is
   * @throws RedisErrorException if the step has failed; nothing is lost, and the next tries again
   */
  Optional<String> move(RedisRef ref, Action.MoveSlots action) {
    SlotMove move =
        new SlotMove(
            endpoint(ref, action.source()),
            endpoint(ref, action.destination()),
            action.others().stream().map(other -> endpoint(ref, other)).toList(),
            action.slots());
    if (action.first()) {
      copyFunctions(nodes.at(move.source().endpoint()), nodes.at(move.destination().endpoint()));
    }
    MigrationLimits limits = new MigrationLimits(Duration.ofMillis(action.maxPauseMillis()));
    return unfinished(migration.step(action.method(), move, limits, BUDGET));
  }

  /**
   * @return why slots are still open; empty when none is
   * @throws RedisErrorException if the step has failed; nothing is lost, and the next tries again
   */
  Optional<String> close(RedisRef ref, Action.RepairOpenSlots action) {
    return unfinished(
        repair.step(
            action.masters().stream().map(master -> endpoint(ref, master)).toList(),
            action.suspected(),
            MigrationLimits.DEFAULT,
            BUDGET));
  }

  private static Optional<String> unfinished(MigrationProgress progress) {
    return switch (progress.state()) {
      case FINISHED -> Optional.empty();
      case RUNNING, WAITING ->
          Optional.of(progress.message().isEmpty() ? "not finished yet" : progress.message());
      case FAILED -> throw new RedisErrorException(progress.message());
    };
  }

  /** Functions that clients call must be there before their keys are. */
  private static void copyFunctions(RedisNode from, RedisNode to) {
    Functions functions = from.functions();
    if (!functions.equals(to.functions())) {
      to.addFunctions(functions);
    }
  }

  private static MigrationEndpoint endpoint(RedisRef ref, ServerRef target) {
    return new MigrationEndpoint(target.id(), ref.server(target.podUid(), target.ip()));
  }
}
