package io.slotkeeper.simulation;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One schedule, from the first pod to the moment at which all is well again. */
final class Simulation {
  private static final int STEP = 20;

  /** From the last fault to the end of all healing: 60 seconds is what a FORGET lasts. */
  private static final int BOUND = 150_000;

  private static final int WATCHED = 70_000;

  private static final int QUIET = 4000;
  private static final int USERS_PATIENCE = 60_000;
  private static final int SETTLING = 15_000;

  /** How it ended. */
  enum End {
    HEALED,
    /** Data was destroyed by faults, and the operator says so. */
    SHARD_LOST,
    /** Half of the masters were destroyed: not healed by the operator, and it says so. */
    MAJORITY_LOST
  }

  private final World world;
  private OperatorProcess operator;
  private long nextPass;
  private long quietSince = -1;
  private long restingSince = -1;
  private int userActions;

  /** What the user does as told begins another wait, up to a limit. */
  private int seenActions;

  private long healingSince = Faults.END;
  private boolean addedReplicas;
  int passes;

  Simulation(Scenario scenario, Trace trace) {
    world = new World(scenario, trace);
    trace.add(0, scenario::toString);
    operator = new OperatorProcess(world);
    world.pods.begin(OtherRedis.PODS, world.addresses());
    OtherRedis other = new OtherRedis(world);
    new Faults(world, other, this);
    new Resizing(world);
    new Recreation(world);
  }

  OperatorProcess operator() {
    return operator;
  }

  World world() {
    return world;
  }

  /** The former leader has not noticed yet, and does one more thing. */
  void changeLeader() {
    OperatorProcess former = operator;
    Plan plan = former.lastPlan();
    former.crashIn = 1;
    if (plan != null && !plan.actions().isEmpty()) {
      Action action = world.chance.of(plan.actions());
      world.after(
          world.chance.between(10, 4000),
          () -> {
            former.crashIn = 0;
            try {
              former.finish(action);
            } catch (OperatorProcess.NoAnswer e) {
              world.trace.add(world.now, () -> "  no answer");
            }
          });
    }
  }

  End run() {
    while (true) {
      world.advance(STEP);
      if (world.exists && (world.now >= nextPass || operator.isWoken())) {
        pass();
        rest();
        End end = world.now > Faults.END ? ended() : null;
        if (end != null) {
          return end;
        }
      }
      if (seenActions < userActions && world.now < Faults.END + 2 * BOUND) {
        seenActions = userActions;
        healingSince = Math.max(healingSince, world.now);
      }
      if (world.now > healingSince + BOUND && restingSince < 0) {
        Plan plan = operator.lastPlan();
        throw new Violation(
            "not healed in time: "
                + (plan == null
                    ? "no plan"
                    : plan.findings() + " " + plan.actions() + " " + plan.resharding()));
      }
    }
  }

  private void pass() {
    passes++;
    try {
      nextPass = world.now + operator.pass();
    } catch (OperatorProcess.Crash e) {
      world.trace.add(world.now, () -> "FAULT the operator is gone");
      operator = new OperatorProcess(world);
      nextPass = world.now + world.chance.between(200, 3000);
      world.advance(nextPass - world.now);
    }
  }

  /** Where nothing is wrong, nothing is planned, however long. */
  private void rest() {
    Plan plan = operator.lastPlan();
    if (plan == null) {
      return;
    }
    if (isMoving(plan)) {
      restingSince = -1; // it starts as another node where its volume goes with the pod
    }
    if (restingSince >= 0 && !isIdle(plan) && !isForgetting()) {
      throw new Violation("nothing is wrong, and planned is " + plan.actions());
    }
    boolean whole =
        plan.pace() == RequeuePace.RESTING
            && plan.findings().isEmpty()
            && plan.actions().isEmpty()
            && isUpdated(plan);
    boolean changes =
        world.scenario.scales() || world.scenario.updates() || world.scenario.isRecreated();
    boolean settled = !changes || world.now > Faults.END;
    if (whole && settled && restingSince < 0 && world.scenario.faults() == 0) {
      restingSince = world.now;
    }
  }

  /**
   * A pod that was let go and is wanted again within a minute: Redis deletes it time and again, and
   * a server that has just met it again needs a moment.
   */
  private boolean isForgetting() {
    return world.servers().stream()
        .map(server -> world.forgets.get(server.id))
        .anyMatch(until -> until != null && until + SETTLING > world.now);
  }

  /** A pod may have lost its label because it was deleted right before. */
  private static boolean isIdle(Plan plan) {
    return plan.actions().stream().allMatch(Action.LabelPod.class::isInstance);
  }

  /** All pods that may go have the newest template. */
  private boolean isUpdated(Plan plan) {
    return world.templates.areApplied()
        && world.templates.isObserved()
        && plan.update().unseen().isEmpty()
        && plan.update().outdated().size() == plan.update().held().size();
  }

  /** Some of the clusters are looked at for longer than a FORGET lasts. */
  private boolean watches(int millis) {
    if (restingSince < 0) {
      restingSince = world.now;
    }
    return world.scenario.seed() % 16 == 0 && world.now - restingSince < millis;
  }

  private @Nullable End ended() {
    Plan plan = operator.lastPlan();
    if (plan == null || !plan.actions().isEmpty()) {
      quietSince = -1;
      if (world.now > Faults.END + USERS_PATIENCE) {
        replaceCorrupt(); // whatever else is tried all the time
      }
      return null;
    }
    List<Finding.Kind> kinds = plan.findings().stream().map(Finding::kind).toList();
    boolean user = plan.findings().stream().anyMatch(Simulation::isForUser);
    if (quietSince < 0) {
      quietSince = world.now;
    }
    if (world.now - quietSince < QUIET) {
      return null;
    }
    if (user) {
      act(plan);
    }
    if (replaceHeld(plan) || user || replaceCorrupt() || resized(plan)) {
      quietSince = -1;
      return null;
    }
    if (plan.pace() == RequeuePace.RESTING && plan.findings().isEmpty() && isUpdated(plan)) {
      Invariants.readable(world);
      Invariants.labelled(world);
      if (world.scenario.scales()) {
        Invariants.wellSized(world, !world.api.acceptsLosses());
      }
      Statuses.saysCovered(world.api.status());
      return watches(WATCHED) ? null : End.HEALED;
    }
    if (kinds.contains(Finding.Kind.SHARD_LOST)
        && (Invariants.shardDestroyed(world) || isOlderDataLeft(plan))) {
      if (world.scenario.givesUp() && acceptLoss(plan)) {
        quietSince = -1;
        return null;
      }
      Statuses.saysLost(world.api.status());
      return End.SHARD_LOST;
    }
    if (kinds.contains(Finding.Kind.MAJORITY_LOST)
        && world.nodes.areSettled(quietSince)
        && isStarted()
        && Invariants.majorityDestroyed(world)) {
      Statuses.saysLost(world.api.status());
      return End.MAJORITY_LOST;
    }
    return null;
  }

  /** A start script that holds its server back ends its wait some time, or the operator does. */
  private boolean isStarted() {
    return world.servers().stream()
        .noneMatch(server -> server.phase == ServerProcess.Phase.GUARDED);
  }

  /** On a volume from before its pod was scaled away: it is taken only when the user says so. */
  private static boolean isOlderDataLeft(Plan plan) {
    return plan.findings().stream()
        .anyMatch(f ->
            f.kind() == Finding.Kind.SHARD_LOST && f.message().contains("with the older data"));
  }

  private boolean resized(Plan plan) {
    boolean obeyed = Recreation.obey(world, plan.findings());
    userActions += obeyed ? 1 : 0;
    return obeyed;
  }

  /** No server knows it: the user deletes the claim, then the pod. */
  private boolean replaceCorrupt() {
    List<Pod> corrupt =
        world.pods.ours().stream()
            .filter(pod -> pod.volume != null && pod.volume.corrupt && !pod.deleting)
            .toList();
    corrupt.forEach(pod -> world.pods.delete(pod, true));
    userActions += corrupt.size();
    return !corrupt.isEmpty();
  }

  /** A replica is placed again once its pod is not young any more. */
  private static boolean isMoving(Plan plan) {
    return plan.actions().stream()
        .anyMatch(a -> a instanceof Action.RecordPlacement || a instanceof Action.NudgeStatefulSet);
  }

  /** The user does what the message says: what does not run and cannot be saved is given up. */
  private boolean replaceHeld(Plan plan) {
    List<Pod> held =
        world.pods.ours().stream()
            .filter(pod -> plan.update().held().containsKey(pod.name))
            .filter(pod -> pod.server == null && !pod.deleting)
            .toList();
    held.forEach(pod -> world.pods.delete(pod, false));
    userActions += held.size();
    return !held.isEmpty();
  }

  /** The user does what the message says: annotates the claim, or deletes it and then the pod. */
  private void act(Plan plan) {
    boolean copies =
        plan.findings().stream().anyMatch(f -> f.kind() == Finding.Kind.CLAIM_TERMINATING);
    if (copies && !addedReplicas) {
      addedReplicas = true;
      addReplicas();
    }
    for (Pod pod : world.pods.ours()) {
      Pattern name = Pattern.compile("[Pp]od " + pod.name + "[ :]");
      boolean meant =
          plan.findings().stream()
              .filter(f -> isForUser(f) && f.kind() != Finding.Kind.CLAIM_TERMINATING)
              .anyMatch(finding -> name.matcher(finding.message()).find());
      if (meant) {
        userActions++;
        if (!world.api.adopt(pod)) {
          world.pods.delete(pod, true);
        }
      }
    }
  }

  private void addReplicas() {
    Topology now = world.wanted;
    userActions++;
    world.wanted =
        new Topology(now.name(), now.shards(), now.replicas() + 1, now.nodeTimeoutMillis());
    world.trace.add(world.now, () -> "the user wants another replica");
    world.api.changed();
  }

  private static boolean isForUser(Finding finding) {
    return switch (finding.kind()) {
      case FOREIGN_NODE, STRAY_KEYS, CLAIM_TERMINATING -> true;
      default -> false;
    };
  }

  /** The user runs the command in the message. */
  private boolean acceptLoss(Plan plan) {
    Pattern command = Pattern.compile(AcceptedLosses.ANNOTATION + "=([^\\s`]+)");
    for (Finding finding : plan.findings()) {
      Matcher matcher = command.matcher(finding.message());
      if (finding.kind() == Finding.Kind.SHARD_LOST && matcher.find()) {
        userActions++;
        world.trace.add(world.now, () -> "the user accepts the loss: " + matcher.group(1));
        world.api.accept(matcher.group(1));
        if (world.chance.oneIn(2)) {
          operator.crashIn = world.chance.between(1, 12);
        }
        return true;
      }
    }
    return false;
  }

  int userActions() {
    return userActions;
  }
}
