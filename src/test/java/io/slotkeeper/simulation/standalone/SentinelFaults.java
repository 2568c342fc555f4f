package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Pod;
import java.util.List;

/** What goes wrong with Sentinels, and what the user wants of them meanwhile: from the seed. */
final class SentinelFaults {
  private static final int HARMLESS = 8;
  private static final int KINDS = 14;

  private final SentinelWorld world;
  private final Schedule schedule;

  /** Its own, so that what else happens to a seed does not depend on it. */
  private final Chance chance;

  SentinelFaults(SentinelWorld world, Schedule schedule) {
    this.world = world;
    this.schedule = schedule;
    chance = new Chance(world.scenario.seed() ^ 0xFA017L);
    for (int i = 0; i < world.watch.faults(); i++) {
      world.after(chance.between(5000, Faults.END - 5000), this::happen);
    }
    if (world.watch.scales()) {
      world.after(
          chance.between(5000, Faults.END - 1000), () -> world.watched(chance.oneIn(2) ? 3 : 5));
    }
    if (world.watch.rolls()) {
      world.after(chance.between(8000, 30_000), () -> roll(world.watchers.size() - 1));
    }
  }

  /** Where nothing else fails, the Sentinels find no primary down that is not. */
  private void happen() {
    List<Pod> all = List.copyOf(world.watchers.pods());
    if (all.isEmpty()) {
      return;
    }
    Pod pod = chance.of(all);
    int most = all.size() / 2 + 1;
    List<Pod> majority = chance.shuffled(all).stream().limit(most).toList();
    switch (chance.between(0, (world.setting.isPlanned() ? HARMLESS : KINDS) - 1)) {
      case 0 -> world.watchers.kill(pod);
      case 1 -> world.watchers.delete(pod);
      case 2 -> all.forEach(world.watchers::kill);
      case 3 -> all.forEach(world.watchers::delete);
      case 4 -> majority.forEach(world.watchers::kill);
      case 5 -> cut(pod, OperatorProcess.NAME);
      case 6 -> all.forEach(one -> cut(one, OperatorProcess.NAME));
      case 7 -> all.stream().filter(one -> one != pod).forEach(one -> cut(pod, one.name));
      case 8 -> majority.forEach(one -> cutFromPrimary(one));
      case 9 -> all.forEach(one -> cutFromPrimary(one));
      case 10 -> world.pods.ours().forEach(server -> cut(pod, server.name));
      case 11 -> world.watchers.forceDelete(pod);
      default -> {
        schedule.outage(chance.between(5000, 40_000));
        Server primary = world.ledger.leader();
        if (primary != null) {
          world.after(chance.between(0, 5000), () -> losePrimary(primary));
        }
      }
    }
  }

  private void losePrimary(Server primary) {
    switch (chance.between(0, 2)) {
      case 0 -> world.containers.kill(primary.pod);
      case 1 -> world.pods.delete(primary.pod, false);
      default -> world.nodes.powerOff(primary.pod.node);
    }
  }

  private void cutFromPrimary(Pod pod) {
    Server primary = world.ledger.leader();
    if (primary != null) {
      cut(pod, primary.pod.name);
    }
  }

  private void cut(Pod pod, String other) {
    world.trace.add(world.now, () -> "FAULT cut " + pod.name + " from " + other);
    world.cut(pod.name, other);
    world.after(chance.between(2000, 20_000), () -> world.heal(pod.name, other));
  }

  /** Another template: the StatefulSet replaces its pods from the last to the first. */
  private void roll(int ordinal) {
    if (ordinal < 0) {
      return;
    }
    List<Pod> all = List.copyOf(world.watchers.pods());
    boolean ready = all.stream().allMatch(pod -> world.watchers.isReady(pod));
    if (ready) {
      all.stream().filter(pod -> pod.ordinal == ordinal).forEach(world.watchers::delete);
    }
    world.after(3000, () -> roll(ready ? ordinal - 1 : ordinal));
  }
}
