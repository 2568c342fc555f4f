package io.slotkeeper.simulation.standalone;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.Statuses;
import io.slotkeeper.simulation.Trace;
import io.slotkeeper.simulation.Violation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One schedule, from the first pod to the moment at which all is well again. */
class Schedule {
  private static final int STEP = 20;

  /** From the last fault to the end of all healing: repl-timeout is 60 seconds. */
  private static final int BOUND = 150_000;

  private static final int QUIET = 4000;

  /** How it ended. */
  enum End {
    HEALED,
    /** Data was destroyed by faults, and the operator says so. */
    LOST
  }

  private final StandaloneWorld world;
  private OperatorProcess operator;
  private long nextPass;
  private long outageUntil;
  private long quietSince = -1;
  private int userActions;
  private int twoPrimaries;
  private boolean addedReplica;
  int passes;

  Schedule(Setting setting, Trace trace) {
    this(new StandaloneWorld(setting, trace));
  }

  Schedule(StandaloneWorld world) {
    this.world = world;
    world.trace.add(0, world.setting::toString);
    operator = new OperatorProcess(world);
    int most = world.scenario.scales() ? Plans.MOST_REPLICAS : world.scenario.replicas() + 1;
    world.pods.begin(StandaloneWorld.OTHERS, most + 1 + StandaloneWorld.OTHERS);
    new OtherRedis(world);
    new Faults(world, this);
    new Plans(world, this);
  }

  OperatorProcess operator() {
    return operator;
  }

  StandaloneWorld world() {
    return world;
  }

  int userActions() {
    return userActions;
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
            } catch (KubernetesClientException e) {
              world.trace.add(world.now, () -> "  no answer");
            }
          });
    }
  }

  /** The operator does not run for a while. */
  void outage(long millis) {
    world.trace.add(world.now, () -> "FAULT the operator is gone for " + millis);
    outageUntil = world.now + millis;
    world.ledger.calmSince = outageUntil;
    operator = new OperatorProcess(world);
  }

  End run() {
    while (true) {
      world.advance(STEP);
      if (world.now >= outageUntil && (world.now >= nextPass || operator.isWoken())) {
        pass();
        End end = world.now > Faults.END ? ended() : null;
        if (end != null) {
          return end;
        }
      }
      if (world.now > Faults.END + BOUND) {
        Plan plan = operator.lastPlan();
        throw new Violation(
            "not healed in time: "
                + (plan == null ? "no plan" : plan.findings() + " " + plan.actions())
                + (world.unsettled() == null ? "" : " " + world.unsettled()));
      }
    }
  }

  private void pass() {
    passes++;
    try {
      nextPass = world.now + operator.pass();
      if (operator.wasHindered()) {
        world.disturbed();
      } else {
        count(Invariants.primaries(world));
      }
    } catch (OperatorProcess.Crash e) {
      world.trace.add(world.now, () -> "the operator is gone");
      operator = new OperatorProcess(world);
      nextPass = world.now + world.chance.between(200, 3000);
      world.advance(nextPass - world.now);
      world.disturbed();
    }
  }

  /** The Service leads to one primary, after each pass but for one. */
  private void count(List<Server> primaries) {
    twoPrimaries = primaries.size() > 1 ? twoPrimaries + 1 : 0;
    if (twoPrimaries > 2) {
      throw new Violation("the Service leads to " + primaries + ", pass after pass");
    }
  }

  private @Nullable End ended() {
    Plan plan = operator.lastPlan();
    boolean leaving = world.pods.ours().stream().anyMatch(pod -> pod.deleting);
    boolean starting =
        plan != null
            && plan.pace() == RequeuePace.RESTING
            && world.pods.ours().stream().anyMatch(pod -> !pod.passing);
    if (plan == null || !plan.actions().isEmpty() || leaving || starting) {
      quietSince = -1;
      return null;
    }
    if (quietSince < 0) {
      quietSince = world.now;
    }
    if (world.now - quietSince < QUIET) {
      return null;
    }
    if (replaceHeld(plan) || addReplica(plan) || decide(plan)) {
      quietSince = -1;
      return null;
    }
    boolean healed =
        plan.pace() == RequeuePace.RESTING && plan.findings().isEmpty() && isUpdated(plan);
    if (healed && world.unsettled() == null) {
      Invariants.healed(world);
      Statuses.saysRunning(world.api.status());
      return End.HEALED;
    }
    List<Finding> losses =
        plan.findings().stream().filter(f -> f.kind() == Finding.Kind.SHARD_LOST).toList();
    if (!losses.isEmpty()) {
      boolean all = losses.stream().noneMatch(f -> f.message().contains("older copy"));
      if (all && !world.ledger.hasLost()) {
        throw new Violation("nothing was destroyed, and the status says " + plan.findings());
      }
      if (world.scenario.givesUp() && acceptLoss(plan)) {
        quietSince = -1;
        return null;
      }
      Statuses.saysLost(world.api.status());
      return End.LOST;
    }
    return null;
  }

  /** All pods that may go have the newest template. */
  private boolean isUpdated(Plan plan) {
    return world.templates.areApplied()
        && world.templates.isObserved()
        && plan.update().unseen().isEmpty()
        && plan.update().outdated().size() == plan.update().held().size();
  }

  /** The user does what the message says: what does not run and cannot be saved is given up. */
  private boolean replaceHeld(Plan plan) {
    var held =
        world.pods.ours().stream()
            .filter(pod -> plan.update().held().containsKey(pod.name))
            .filter(pod -> pod.server == null && !pod.deleting)
            .toList();
    held.forEach(pod -> world.pods.delete(pod, false));
    userActions += held.size();
    return !held.isEmpty();
  }

  /** The user does what the message says: another copy, before a claim or a pod goes. */
  private boolean addReplica(Plan plan) {
    boolean going =
        plan.findings().stream().anyMatch(f -> f.kind() == Finding.Kind.CLAIM_TERMINATING);
    boolean held = // its server runs, and another container of its old template does not
        world.pods.ours().stream()
            .anyMatch(pod -> plan.update().held().containsKey(pod.name) && !pod.view().whole());
    if (!(going || held) || addedReplica) {
      return false;
    }
    addedReplica = true;
    userActions++;
    world.wish(world.wanted.replicas() + 1);
    return true;
  }

  /** The user looks into all servers, and chooses the one that has everything. */
  private boolean decide(Plan plan) {
    Pattern command = Pattern.compile("`REPLICAOF (\\S+) 6379` on all others");
    for (Finding finding : plan.findings()) {
      Matcher matcher = command.matcher(finding.message());
      Server primary = matcher.find() ? world.listening(matcher.group(1)) : null;
      if (primary != null) {
        userActions++;
        boolean right = primary.data.contains(world.ledger.owed());
        world.trace.add(world.now, () -> "the user decides for " + primary + ": " + right);
        world.ours().stream()
            .filter(server -> right != (server == primary))
            .forEach(server ->
                server.replication.follow(
                    right ? primary.ip : "127.0.0.1", right ? Replication.PORT : 1));
        return true;
      }
    }
    return false;
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
        return true;
      }
    }
    return false;
  }
}
