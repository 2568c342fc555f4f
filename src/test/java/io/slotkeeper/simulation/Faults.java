package io.slotkeeper.simulation;

import java.util.List;
import java.util.Set;

/** What goes wrong, and when: from the seed. */
final class Faults {
  /** From then on nothing goes wrong any more. */
  static final int END = 45_000;

  /** More than one copy of the same data, or more than one cluster, is concerned. */
  private static final Set<Integer> MANY = Set.of(3, 6, 7, 18, 23, 24);

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
    if (world.scenario.slow()) {
      Chance chance = new Chance(world.scenario.seed() ^ 0x510AL << 32);
      world.after(chance.oneIn(2) ? 0 : chance.between(0, END / 2), () -> slow(chance));
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
    int fault = chance.between(0, 24);
    // Without volumes a rollout leaves a shard one copy less for a moment: that is two at once.
    boolean rollout = world.scenario.updates() && !world.scenario.durable();
    world.ledger.single = world.scenario.faults() == 1 && !MANY.contains(fault) && !rollout;
    switch (fault) {
      case 0, 1, 2 -> world.containers.kill(pod);
      case 3 -> chance.shuffled(ours).stream().limit(2).forEach(world.containers::kill);
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
      case 13 -> world.containers.slowUntil = world.now + chance.between(1000, 15_000);
      case 14 -> world.pods.pendingUntil = world.now + chance.between(1000, 20_000);
      case 15 -> simulation.operator().crashIn = chance.between(1, 12);
      case 16 -> simulation.changeLeader();
      case 17 -> simulation.operator().losesReplyIn = chance.between(1, 8);
      case 18 -> {
        simulation.operator().pausesIn = chance.between(1, 80);
        others();
      }
      case 19, 20 -> {
        if (!pod.node.isEmpty()) {
          world.nodes.cut(pod.node);
        }
      }
      case 21 -> world.containers.corrupt(pod);
      case 22 -> pod.fillDisk(world);
      case 23 -> // the StatefulSet of a shard
          ours.stream().filter(p -> p.shard == pod.shard).forEach(p -> world.pods.delete(p, false));
      default -> {
        if (chance.oneIn(8)) {
          world.claims.swap(pod, other.backup());
        } else {
          world.pods.forceDelete(pod);
        }
      }
    }
  }

  /** A machine that has too much to do. */
  private void slow(Chance chance) {
    world.trace.add(world.now, () -> "FAULT all are slow");
    world.answersLateUntil = world.now + chance.between(5000, 20_000);
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
    world.nodes.healAll();
    world.pods.all().forEach(pod -> pod.diskFull = false);
    world.pods.pendingUntil = 0;
    world.containers.slowUntil = 0;
    world.answersLateUntil = 0;
  }
}
