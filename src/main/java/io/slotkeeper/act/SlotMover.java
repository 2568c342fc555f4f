package io.slotkeeper.act;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Target;
import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.migration.Limits;
import io.slotkeeper.redis.migration.Move;
import io.slotkeeper.redis.migration.Party;
import io.slotkeeper.redis.migration.Progress;
import io.slotkeeper.redis.migration.SlotMigration;
import io.slotkeeper.redis.migration.SlotRepair;
import io.slotkeeper.resources.Ports;
import java.time.Duration;
import java.util.Optional;

/** Takes the next step of a move of slots. */
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
  Optional<String> move(Cluster cluster, Action.MoveSlots action) {
    Move move =
        new Move(
            party(cluster, action.source()),
            party(cluster, action.destination()),
            action.others().stream().map(other -> party(cluster, other)).toList(),
            action.slots());
    if (action.first()) {
      copyFunctions(nodes.at(move.source().endpoint()), nodes.at(move.destination().endpoint()));
    }
    Limits limits = new Limits(Duration.ofMillis(action.maxPauseMillis()));
    return unfinished(migration.step(action.method(), move, limits, BUDGET));
  }

  /**
   * @return why slots are still open; empty when none is
   * @throws RedisErrorException if the step has failed; nothing is lost, and the next tries again
   */
  Optional<String> close(Cluster cluster, Action.CloseSlots action) {
    return unfinished(
        repair.step(
            action.masters().stream().map(master -> party(cluster, master)).toList(),
            action.suspected(),
            Limits.DEFAULT,
            BUDGET));
  }

  private static Optional<String> unfinished(Progress progress) {
    return switch (progress.state()) {
      case FINISHED -> Optional.empty();
      case RUNNING, WAITING ->
          Optional.of(progress.message().isEmpty() ? "not finished yet" : progress.message());
      case FAILED -> throw new RedisErrorException(progress.message());
    };
  }

  /** What clients call must be there before their keys are. */
  private static void copyFunctions(RedisNode from, RedisNode to) {
    Functions functions = from.functions();
    if (!functions.equals(to.functions())) {
      to.addFunctions(functions);
    }
  }

  private static Party party(Cluster cluster, Target target) {
    return new Party(
        target.id(),
        new RedisNodes.Endpoint(target.podUid(), target.ip(), Ports.CLIENT, cluster.password()));
  }
}
