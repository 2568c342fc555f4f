package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Pod;
import java.util.List;
import java.util.Set;

/** What goes wrong, and when: from the seed. */
final class Faults {
  /** From then on nothing goes wrong any more. */
  static final int END = 45_000;

  private static final int KINDS = 30;

  /** More than one copy of the same data, or more than one Redis, is concerned. */
  private static final Set<Integer> MANY = Set.of(3, 4, 7, 8, 9, 21, 28);

  private final StandaloneWorld world;
  private final Schedule schedule;

  Faults(StandaloneWorld world, Schedule schedule) {
    this.world = world;
    this.schedule = schedule;
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
    Server primary = world.ledger.leader();
    Pod pod = primary != null && chance.oneIn(2) ? primary.pod : chance.of(ours);
    int fault = chance.between(0, KINDS - 1);
    boolean others = // then a rollout, or a pod that leaves, is the second thing
        world.scenario.updates() || world.scenario.scales() || world.setting.drains();
    world.ledger.single = world.scenario.faults() == 1 && !MANY.contains(fault) && !others;
    OperatorProcess operator = schedule.operator();
    switch (fault) {
      case 0, 1, 2 -> world.containers.kill(pod);
      case 3 -> chance.shuffled(ours).stream().limit(2).forEach(world.containers::kill);
      case 4 -> ours.forEach(world.containers::kill);
      case 5, 6 -> world.pods.delete(pod, false);
      case 7 ->
          chance.shuffled(ours).stream()
              .limit(chance.between(1, ours.size()))
              .forEach(p -> world.pods.delete(p, false));
      case 8, 9 -> {
        ours.forEach(p -> world.pods.delete(p, false));
        others();
      }
      case 10 -> world.pods.delete(pod, true);
      case 11 -> world.claims.delete(pod.name::equals);
      case 12 -> cut(pod.name, chance.of(ours).name);
      case 13 -> cut(pod.name, OperatorProcess.NAME);
      case 14 -> {
        ours.forEach(p -> cut(pod.name, p.name));
        if (chance.oneIn(2)) {
          cut(pod.name, OperatorProcess.NAME);
        }
      }
      case 15 -> slow(chance);
      case 16 -> world.pods.pendingUntil = world.now + chance.between(1000, 20_000);
      case 17 -> operator.crashIn = chance.between(1, 12);
      case 18 -> schedule.changeLeader();
      case 19 -> operator.losesReplyIn = chance.between(1, 8);
      case 20 -> stall(pod, chance);
      case 21 -> {
        operator.pausesIn = chance.between(1, 60);
        others();
      }
      case 22, 23 -> {
        if (!pod.node.isEmpty()) {
          world.nodes.cut(pod.node);
        }
      }
      case 24, 25 -> {
        if (!pod.node.isEmpty()) {
          world.nodes.powerOff(pod.node);
        }
      }
      case 26 -> world.api.fail(chance.between(1000, 15_000));
      case 27 -> world.api.refusesIn = chance.between(1, 6);
      case 28 -> {
        world.services.namelessUntil = world.now + chance.between(2000, 20_000);
        chance.shuffled(ours).stream().limit(2).forEach(world.containers::kill);
      }
      default -> world.pods.forceDelete(pod);
    }
    world.disturbed();
  }

  private void slow(Chance chance) {
    long until = world.now + chance.between(1000, 15_000);
    world.trace.add(world.now, () -> "FAULT all is slow");
    world.containers.slowUntil = until;
    world.slowUntil = until;
    world.lateUntil = chance.oneIn(2) ? until : 0;
  }

  private void stall(Pod pod, Chance chance) {
    Server server = Server.in(pod);
    if (server != null) {
      server.stalledUntil = world.now + chance.between(500, 10_000);
      world.trace.add(world.now, () -> "FAULT " + server + " answers nobody");
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
    world.nodes.healAll();
    world.pods.pendingUntil = 0;
    world.containers.slowUntil = 0;
    world.slowUntil = 0;
    world.lateUntil = 0;
    world.services.namelessUntil = 0;
    world.disturbed();
  }
}
