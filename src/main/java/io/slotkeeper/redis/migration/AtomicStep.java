package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.SlotSet;
import io.slotkeeper.redis.cluster.SlotTask;
import io.slotkeeper.redis.migration.MigrationProgress.State;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One step of a move that the servers carry out by themselves: starts it, or reports its state.
 *
 * <p>Servers forget their tasks when they restart, so a task only shows whether it continues and
 * what went wrong; the owners of the slots show what has been moved.
 */
final class AtomicStep {
  /** A failing task of Redis starts over every second, forever. */
  private static final int MOST_RETRIES = 5;

  /** Refusals to begin (Redis 8.6, cluster_asm.c) that are over soon. */
  private static final List<String> PASSING =
      List.of("in progress", "overlapping import", "already the owner", "trim");

  private final SlotMove move;
  private final AtomicCommands driver;
  private final ProgressCounter counter;

  AtomicStep(SlotMove move, AtomicCommands driver, ProgressCounter counter) {
    this.move = move;
    this.driver = driver;
    this.counter = counter;
  }

  MigrationProgress run(MigrationState standing, NodeSnapshot source, NodeSnapshot destination) {
    if (source.table().myself().hasOpenSlots() || destination.table().myself().hasOpenSlots()) {
      return counter.progress(
          State.FAILED, "slots are open at source or destination: they must be closed before");
    }
    List<SlotTask> tasks = driver.tasks();
    Optional<SlotTask> running =
        tasks.stream().filter(AtomicStep::isRunning).filter(this::isOurs).findFirst();
    if (running.isPresent()) {
      return follow(running.get());
    }
    Optional<SlotTask> busy =
        tasks.stream()
            .filter(AtomicStep::isRunning)
            .filter(_ -> !driver.severalAtOnce())
            .findFirst();
    if (busy.isPresent()) {
      return counter.progress(
          State.WAITING, "waits for the move of slots " + busy.get().slots() + " to end");
    }
    try {
      driver.start(portion(standing.here(), source));
    } catch (RedisErrorException e) {
      // Another task was faster, or keys of an earlier move are still being deleted.
      String message = String.valueOf(e.getMessage());
      if (PASSING.stream().anyMatch(message::contains)) {
        return counter.progress(State.WAITING, message);
      }
      throw e;
    }
    return failed(tasks, standing.here())
        .map(task -> counter.progress(State.FAILED, "failed, and started again: " + task.message()))
        .orElseGet(() -> counter.progress(State.RUNNING, ""));
  }

  private MigrationProgress follow(SlotTask task) {
    counter.pause(task.pause());
    if (task.retries() >= MOST_RETRIES) {
      driver.cancel();
      return counter.progress(
          State.FAILED, "cancelled after " + task.retries() + " retries: " + task.message());
    }
    return counter.progress(
        State.RUNNING,
        task.phase() + (task.message().isEmpty() ? "" : ", after: " + task.message()));
  }

  /** The last task for some of these slots, if it failed. */
  private Optional<SlotTask> failed(List<SlotTask> tasks, SlotSet slots) {
    return tasks.stream()
        .filter(this::isOurs)
        .filter(task -> task.slots().intersects(slots))
        .max(Comparator.comparing(SlotTask::began))
        .filter(task -> task.state() == SlotTask.State.FAILED);
  }

  /** Slots for one task, as many as the engine moves well at once. */
  private SlotSet portion(SlotSet slots, NodeSnapshot source) {
    int owned = Math.max(1, source.table().myself().slots().size());
    long most =
        Math.min(
            driver.mostBytes() / Math.max(1, source.usedMemory() / owned),
            driver.mostKeys() / Math.max(1, source.keys() / owned));
    return SlotSet.of(slots.stream().limit(Math.max(1, most)).toArray());
  }

  private boolean isOurs(SlotTask task) {
    return task.source().equals(move.source().id())
        && task.destination().equals(move.destination().id());
  }

  private static boolean isRunning(SlotTask task) {
    return task.state() == SlotTask.State.RUNNING;
  }
}
