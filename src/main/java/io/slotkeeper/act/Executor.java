package io.slotkeeper.act;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Target;
import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterTable;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.NodeAddress;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.NodeSnapshot;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.RedisNode.FailoverMode;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.SlotCommands;
import io.slotkeeper.redis.SlotSet;
import io.slotkeeper.redis.migration.SlotMigration;
import io.slotkeeper.redis.migration.SlotRepair;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Ports;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the actions of a plan, each behind its guard. */
public final class Executor {
  /** A pass begins no further move of slots after this, so that a failover does not wait for it. */
  private static final Duration MOVING = Duration.ofMillis(800);

  private final RedisNodes nodes;
  private final Kubernetes kubernetes;
  private final Fanout fanout;
  private final InstantSource clock;
  private final InstantSource steady;
  private final SlotMover mover;
  private final Absences absences = new Absences();
  private final Snapshots snapshots = new Snapshots();

  /**
   * @param clock the time of day, as the API server has it
   * @param steady for how long something took; does not jump back
   */
  public Executor(
      RedisNodes nodes,
      Kubernetes kubernetes,
      Fanout fanout,
      InstantSource clock,
      InstantSource steady) {
    this.nodes = nodes;
    this.kubernetes = kubernetes;
    this.fanout = fanout;
    this.clock = clock;
    this.steady = steady;
    mover =
        new SlotMover(
            nodes, new SlotMigration(nodes, fanout, steady), new SlotRepair(nodes, fanout, steady));
  }

  /** What became of each action that was begun; those after a step that is not done were not. */
  public List<Outcome> execute(Cluster cluster, Plan plan) {
    return execute(cluster, plan.steps());
  }

  /** The same for steps that are not those of a plan. */
  List<Outcome> execute(Cluster cluster, List<List<Action>> steps) {
    Instant enough = steady.instant().plus(MOVING);
    List<Outcome> outcomes = new ArrayList<>();
    for (List<Action> step : steps) {
      if (steady.instant().isAfter(enough)
          && step.stream().anyMatch(Action.MoveSlots.class::isInstance)) {
        break;
      }
      List<Outcome> done = run(cluster, step);
      outcomes.addAll(done);
      if (done.stream().anyMatch(Executor::holdsOthers)) {
        break;
      }
    }
    return outcomes;
  }

  /**
   * It is not done, and later steps count on it. They do not count on labels, which are for others
   * to read, nor on a node timeout or an epoch, for which all servers have to answer in time; and
   * what follows introductions was planned from what servers knew before them.
   */
  private static boolean holdsOthers(Outcome outcome) {
    return switch (outcome.action()) {
      case Action.LabelPod _, Action.SetNodeTimeout _, Action.RaiseEpoch _, Action.Meet _ -> false;
      default -> !(outcome instanceof Outcome.Done);
    };
  }

  private List<Outcome> run(Cluster cluster, List<Action> step) {
    return new Portions(steady).run(step, portion -> runTogether(cluster, portion));
  }

  private List<Outcome> runTogether(Cluster cluster, List<Action> portion) {
    try {
      return guarded(cluster, portion);
    } catch (KubernetesClientException e) { // the pods cannot be looked at a second time
      return portion.stream()
          .<Outcome>map(action -> new Outcome.Refused(action, ApiErrors.message(e)))
          .toList();
    }
  }

  private List<Outcome> guarded(Cluster cluster, List<Action> portion) {
    boolean aimed = portion.stream().anyMatch(Targets::isAimed);
    Guard guard =
        new Guard(
            cluster,
            nodes,
            () -> aimed ? kubernetes.pods(cluster) : List.of(),
            () -> kubernetes.volumes(cluster),
            name -> kubernetes.podNamed(cluster, name),
            fanout,
            clock,
            steady);
    Map<Target, Optional<String>> wrong = verify(guard, portion);
    // What concerns one server goes there in order; servers are served at once.
    Map<Object, List<Action>> perServer = new LinkedHashMap<>();
    portion.forEach(action ->
        perServer
            .computeIfAbsent(
                Targets.of(action).findFirst().<Object>map(t -> t).orElse(action),
                _ -> new ArrayList<>())
            .add(action));
    return fanout
        .map(
            perServer.values(),
            actions -> actions.stream().map(a -> attempt(cluster, guard, wrong, a)).toList())
        .stream()
        .flatMap(Collection::stream)
        .toList();
  }

  /** The second look at each server that these touch; a reason for each that is not the same. */
  private Map<Target, Optional<String>> verify(Guard guard, List<Action> portion) {
    List<Target> targets = portion.stream().flatMap(Targets::of).distinct().toList();
    Map<Target, Optional<String>> wrong = new LinkedHashMap<>();
    List<Optional<String>> reasons =
        fanout.map(
            targets,
            target -> {
              try {
                return guard.sameServer(target);
              } catch (RedisUnavailableException | RedisErrorException e) {
                return Optional.of(target.pod() + ": " + e.getMessage());
              }
            });
    for (int i = 0; i < targets.size(); i++) {
      wrong.put(targets.get(i), reasons.get(i));
    }
    return wrong;
  }

  private Outcome attempt(
      Cluster cluster, Guard guard, Map<Target, Optional<String>> wrong, Action action) {
    Optional<String> stranger =
        Targets.of(action)
            .map(target -> wrong.getOrDefault(target, Optional.empty()))
            .flatMap(Optional::stream)
            .findFirst();
    if (stranger.isPresent()) {
      return new Outcome.Refused(action, stranger.get());
    }
    try {
      Optional<String> reason = refusal(cluster, guard, action);
      return reason.isPresent()
          ? new Outcome.Refused(action, reason.get())
          : command(cluster, guard, action);
    } catch (RedisUnavailableException | RedisErrorException e) {
      return new Outcome.Failed(action, String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      return new Outcome.Failed(action, ApiErrors.message(e));
    }
  }

  private Optional<String> refusal(Cluster cluster, Guard guard, Action action) {
    Optional<String> reason =
        switch (action) {
          case Action.Remember _,
              Action.MarkVolume _,
              Action.LabelPod _, // its UID goes with it, and the API server compares
              Action.RecordMove _,
              Action.NudgeShard _,
              Action.SetNodeTimeout _,
              Action.Meet _ ->
              Optional.empty();
          case Action.AssignSlots a ->
              Guard.mayOwn(guard.node(a.node()).look(), a.slots()).or(guard::mayBegin);
          case Action.Replicate a -> Guard.mayFollow(guard.node(a.node()).look());
          case Action.ForceFailover a -> guard.mayTakeOver(a);
          case Action.Takeover a ->
              guard
                  .mayTakeOver(a.failover())
                  .or(() ->
                      new TakeoverGuard(guard, cluster, nodes, kubernetes, absences)
                          .areDead(a.dead()));
          case Action.HandOver a -> guard.mayHandOver(a);
          case Action.AcceptLoss a -> guard.isLost(a);
          case Action.Forget a -> guard.mayForget(a);
          case Action.MoveSlots a -> scaling(guard).mayMove(a);
          case Action.CloseSlots _ -> Optional.empty(); // it looks at all masters by itself
          case Action.RemoveShard a -> scaling(guard).mayRemove(a);
          case Action.ShrinkShard a -> scaling(guard).mayShrink(a);
          case Action.RaiseEpoch a -> scaling(guard).mayRaise(a);
          case Action.ReplacePod a ->
              new PodGuard(guard, kubernetes.claims(cluster), snapshots, steady.instant())
                  .mayReplace(a);
          case Action.SetConfig a -> guard.mayRestore(a);
        };
    if (reason.isEmpty() && Targets.isAimed(action)) {
      reason = guard.tooLate(action);
    }
    return reason;
  }

  private Outcome command(Cluster cluster, Guard guard, Action action) {
    return switch (action) {
      case Action.MoveSlots moving -> outcome(action, mover.move(cluster, moving));
      case Action.CloseSlots closing -> outcome(action, mover.close(cluster, closing));
      case Action.ReplacePod replacing ->
          kubernetes
              .deletePod(cluster, replacing.pod())
              .<Outcome>map(reason -> new Outcome.Refused(action, reason))
              .orElseGet(() -> new Outcome.Done(action));
      default -> {
        send(cluster, guard, action);
        yield new Outcome.Done(action);
      }
    };
  }

  private static Outcome outcome(Action action, Optional<String> left) {
    return left.<Outcome>map(reason -> new Outcome.Unfinished(action, reason))
        .orElseGet(() -> new Outcome.Done(action));
  }

  private void send(Cluster cluster, Guard guard, Action action) {
    switch (action) {
      case Action.Remember a -> kubernetes.remember(cluster, a.members(), a.trails());
      case Action.RecordMove a ->
          kubernetes.annotateShard(cluster, a.shard(), Labels.MOVES, a.moves().toString());
      case Action.NudgeShard a ->
          kubernetes.annotateShard(cluster, a.shard(), Labels.NUDGES, a.nudges().toString());
      case Action.MarkVolume a -> kubernetes.markVolume(cluster, a.pod(), a.id());
      case Action.LabelPod a -> kubernetes.label(cluster, a.pod(), a.uid(), a.role());
      case Action.SetNodeTimeout a ->
          guard.node(a.node()).setConfig(Map.of("cluster-node-timeout", Long.toString(a.millis())));
      case Action.AssignSlots a -> assign(guard.node(a.node()), a);
      case Action.Meet a ->
          guard.node(a.from()).meet(new NodeAddress(a.to().ip(), Ports.CLIENT, Ports.BUS));
      case Action.Replicate a -> guard.node(a.node()).replicate(a.master());
      case Action.ForceFailover a -> guard.node(a.replica()).failover(FailoverMode.FORCE);
      case Action.Takeover a -> guard.node(a.failover().replica()).failover(FailoverMode.TAKEOVER);
      case Action.HandOver a -> guard.node(a.replica()).failover(FailoverMode.GRACEFUL);
      case Action.AcceptLoss a -> startAnew(guard.node(a.node()), a);
      case Action.Forget a -> guard.node(a.node()).forget(a.id());
      case Action.MoveSlots _, Action.CloseSlots _, Action.ReplacePod _ ->
          throw new IllegalArgumentException(action.toString());
      case Action.RemoveShard a -> remove(guard, cluster, a);
      case Action.RaiseEpoch a -> guard.node(a.owner()).bumpEpoch();
      case Action.SetConfig a -> guard.node(a.node()).setConfig(Map.of(a.setting(), a.value()));
      case Action.ShrinkShard a -> kubernetes.shrinkShard(cluster, a.shard(), a.pods());
    }
  }

  /** Safe to repeat: what was done of it before is left out. */
  private static void startAnew(RedisNode node, Action.AcceptLoss action) {
    ClusterTable table = node.look().table();
    NodeId lost = action.lost();
    if (lost != null && table.find(lost).filter(n -> !n.slots().isEmpty()).isPresent()) {
      node.forget(lost); // what has an owner in its own table it does not take
    }
    node.bumpEpoch();
    ClusterNode self = table.myself();
    // Owners of before it believed in the lost one, which nobody could tell this node of.
    SlotSet stale =
        table.nodes().stream()
            .filter(other -> !other.id().equals(lost) && !other.id().equals(self.id()))
            .map(other -> other.slots().intersect(action.slots()))
            .reduce(SlotSet.NONE, SlotSet::plus);
    if (!stale.isEmpty()) {
      node.slots().setSlots(stale, new SlotCommands.Mark.Owned(self.id()), 1);
    }
    node.addSlots(action.slots().minus(self.slots()).minus(stale));
  }

  /**
   * A volume that is kept must not bring the node back that the others are about to forget: for a
   * minute they would forget it time and again, and with it what moves to it or from it; and a
   * replica would wait for a master that nobody wants any more.
   */
  private void remove(Guard guard, Cluster cluster, Action.RemoveShard removal) {
    removal.nodes().forEach(node -> guard.node(node).reset());
    kubernetes.removeShard(cluster, removal.shard());
  }

  private ScalingGuard scaling(Guard guard) {
    return new ScalingGuard(
        guard, targets -> fanout.map(targets, target -> guard.node(target).look()));
  }

  private static void assign(RedisNode node, Action.AssignSlots action) {
    NodeSnapshot now = node.look();
    // Only a node that knows nobody takes an epoch; the others settle theirs among themselves.
    if (now.table().nodes().size() == 1 && now.table().myself().configEpoch() == 0) {
      node.setConfigEpoch(action.epoch());
    }
    if (!now.table().myself().slots().equals(action.slots())) {
      node.addSlots(action.slots().minus(now.table().myself().slots()));
    }
  }
}
