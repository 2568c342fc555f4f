package io.slotkeeper.simulation;

import java.util.List;

/** What goes wrong, and when: from the seed. */
final class Faults {
  /** From then on nothing goes wrong any more. */
  static final int END = 45_000;

  private final World world;
  private final OtherRedis other;
  private final Simulation simulation;

  Faults(World world, OtherRedis other, Simulation simulation) {
    this.world = world;
    this.other = other;
    this.simulation = simulation;
    int start = world.chance.oneIn(3) ? 0 : 6000;
    int last = start;
    for (int i = 0; i < world.scenario.faults(); i++) {
      // Often close to each other: that is when it hurts.
      last = world.chance.oneIn(2) ? last + world.chance.between(0, 3000) : last;
      int at = world.chance.oneIn(2) ? last : world.chance.between(start, END - 5000);
      last = Math.min(at, END - 5000);
      world.after(last, this::happen);
    }
    world.after(END, this::end);
  }

  private void happen() {
    List<Pod> ours = world.pods.ours();
    if (ours.isEmpty()) {
      return;
    }
    Chance chance = world.chance;
    Pod pod = chance.of(ours);
    switch (chance.between(0, 19)) {
      case 0, 1, 2 -> world.pods.kill(pod);
      case 3 -> chance.shuffled(ours).stream().limit(2).forEach(world.pods::kill);
      case 4, 5 -> world.pods.delete(pod, false);
      case 6 ->
          chance.shuffled(ours).stream()
              .limit(chance.between(1, ours.size()))
              .forEach(p -> world.pods.delete(p, false));
      case 7 -> {
        ours.forEach(p -> world.pods.delete(p, false));
        others();
      }
      case 8, 9 -> world.pods.delete(pod, true);
      case 10 -> cut(pod.name, chance.of(ours).name);
      case 11 -> cut(pod.name, OperatorProcess.NAME);
      case 12 -> {
        ours.forEach(p -> cut(pod.name, p.name));
        if (chance.oneIn(2)) {
          cut(pod.name, OperatorProcess.NAME);
        }
      }
      case 13 -> world.pods.slowUntil = world.now + chance.between(1000, 15_000);
      case 14 -> world.pods.pendingUntil = world.now + chance.between(1000, 20_000);
      case 15 -> simulation.operator().crashIn = chance.between(1, 12);
      case 16 -> simulation.changeLeader();
      case 17 -> simulation.operator().losesReplyIn = chance.between(1, 8);
      case 18 -> {
        simulation.operator().pausesIn = chance.between(1, 80);
        others();
      }
      default -> {
        if (chance.oneIn(8)) {
          world.pods.swapVolume(pod, other.backup());
        } else {
          world.pods.forceDelete(pod);
        }
      }
    }
  }

  private void others() {
    List<Pod> others = world.pods.all().stream().filter(p -> p.owner == Pod.Owner.OTHER).toList();
    others.forEach(p -> world.pods.delete(p, false));
  }

  private void cut(String a, String b) {
    if (a.equals(b)) {
      return;
    }
    world.trace.add(world.now, () -> "FAULT cut " + a + " from " + b);
    world.cut(a, b);
    world.after(world.chance.between(500, 20_000), () -> world.heal(a, b));
  }

  private void end() {
    world.trace.add(world.now, () -> "all faults are over");
    world.healAll();
    world.pods.pendingUntil = 0;
    world.pods.slowUntil = 0;
  }
}
