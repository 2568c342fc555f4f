package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Pod;

/**
 * What the user wants meanwhile: another number of replicas, a Kubernetes node drained, everything
 * stopped for a while, the operator restarted. By a chance of its own, so that what else happens to
 * a seed does not depend on it.
 */
final class Plans {
  static final int MOST_REPLICAS = 4;
  private static final int BUDGET_RETRY = 5000;

  private final StandaloneWorld world;
  private final Schedule schedule;
  private final Chance chance;

  Plans(StandaloneWorld world, Schedule schedule) {
    this.world = world;
    this.schedule = schedule;
    chance = new Chance(world.scenario.seed() ^ 0x5CA1E5);
    if (world.scenario.scales()) {
      several(this::resize);
    }
    if (world.setting.drains()) {
      several(this::drain);
    }
    if (world.setting.halts()) {
      world.after(chance.between(8000, 30_000), this::halt);
    }
    if (world.setting.isPlanned() && chance.oneIn(2)) {
      several(this::restartOperator);
    }
  }

  private void several(Runnable action) {
    int at = chance.between(4000, 25_000);
    for (int i = chance.between(1, 3); i > 0; i--) {
      world.after(at, action);
      // Often before the last change is through.
      at += chance.oneIn(2) ? chance.between(100, 5000) : chance.between(5000, 15_000);
      at = Math.min(at, Faults.END - 1000);
    }
  }

  private void resize() {
    world.wish(chance.between(0, MOST_REPLICAS));
  }

  private void drain() {
    if (world.pods.ours().isEmpty()) {
      return;
    }
    String node = chance.of(world.pods.ours()).node;
    world.trace.add(world.now, () -> "the user drains " + node);
    world.pods.ours().stream().filter(pod -> pod.node.equals(node)).forEach(this::evict);
  }

  /** The disruption budget allows one pod at a time, while all others are ready. */
  private void evict(Pod pod) {
    boolean allowed =
        world.pods.ours().size() >= world.pods.sizes().getOrDefault(0, 0)
            && world.pods.ours().stream()
                .filter(other -> other != pod)
                .allMatch(other -> other.view().ready() && !other.deleting);
    if (pod.over || pod.deleting || world.pods.pod(pod.name) != pod) {
      return;
    }
    if (allowed && pod.view().ready()) {
      pod.unwanted = true; // for the trace
      world.pods.delete(pod, false);
    } else if (world.now < Faults.END) {
      world.after(BUDGET_RETRY, () -> evict(pod));
    }
  }

  private void halt() {
    world.trace.add(world.now, () -> "the user halts it");
    world.halted = true;
    world.api.changed();
    world.after(
        chance.between(1000, 15_000),
        () -> {
          world.trace.add(world.now, () -> "the user resumes it");
          world.halted = false;
          world.api.changed();
        });
  }

  private void restartOperator() {
    OperatorProcess operator = schedule.operator();
    operator.crashIn = chance.between(1, 8);
  }
}
