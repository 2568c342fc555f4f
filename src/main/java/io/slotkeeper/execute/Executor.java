package io.slotkeeper.execute;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.execute.Outcome.Refused.Cause;
import io.slotkeeper.kubernetes.ApiErrors;
import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.migration.SlotMigration;
import io.slotkeeper.redis.migration.SlotRepair;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import io.slotkeeper.resources.Labels;
import io.slotkeeper.resources.Ports;
import io.slotkeeper.resources.ServerTls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the actions of a plan, each behind its guard. */
public final class Executor {
  /** After this, a pass begins no further slot move, so that a failover does not wait for it. */
  private static final Duration MOVING = Duration.ofMillis(800);

  /** How long a primary that hands over keeps its clients waiting at most. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final RedisNodes nodes;
  private final SentinelNodes sentinelNodes;
  private final KubernetesApi kubernetes;
  private final Fanout fanout;
  private final InstantSource clock;
  private final InstantSource steady;
  private final SlotMover mover;
  private final PodAbsences absences = new PodAbsences();
  private final RdbSnapshots snapshots = new RdbSnapshots();
  private final Dismissals dismissals;

  /**
   * @param clock the time of day, as the API server has it
   * @param steady measures durations; does not jump back
   */
  public Executor(
      RedisNodes nodes,
      SentinelNodes sentinelNodes,
      KubernetesApi kubernetes,
      Fanout fanout,
      InstantSource clock,
      InstantSource steady) {
    this.nodes = nodes;
    this.sentinelNodes = sentinelNodes;
    this.kubernetes = kubernetes;
    this.fanout = fanout;
    this.clock = clock;
    this.steady = steady;
    dismissals = new Dismissals(kubernetes, steady);
    mover =
        new SlotMover(
            nodes, new SlotMigration(nodes, fanout, steady), new SlotRepair(nodes, fanout, steady));
  }

  /** Before each plan: what is there has not gone. */
  public void seen(RedisRef ref, ClusterView view) {
    absences.seen(ref, view);
  }

  /** The outcome of each action that was begun; steps after one that is not done are not begun. */
  public List<Outcome> execute(RedisRef ref, Plan plan) {
    return execute(ref, plan.steps());
  }

  /** The same for steps that are not those of a plan. */
  public List<Outcome> execute(RedisRef ref, List<List<Action>> steps) {
    Instant enough = steady.instant().plus(MOVING);
    List<Outcome> outcomes = new ArrayList<>();
    for (List<Action> step : steps) {
      if (steady.instant().isAfter(enough)
          && step.stream().anyMatch(Action.MoveSlots.class::isInstance)) {
        break;
      }
      List<Outcome> done = new StepBatches(steady).run(step, batch -> runTogether(ref, batch));
      outcomes.addAll(done);
      if (done.stream().anyMatch(Executor::holdsOthers)) {
        break;
      }
    }
    return outcomes;
  }

  /**
   * It is not done, and later steps depend on it. They do not depend on labels, which only others
   * read, nor on a node timeout or an epoch, for which all servers must answer in time; and what
   * follows introductions was planned from what servers knew before them.
   */
  private static boolean holdsOthers(Outcome outcome) {
    return switch (outcome.action()) {
      case Action.LabelPod _,
          Action.LabelReads _,
          Action.TriggerProbe _,
          Action.RefreshFiles _,
          Action.Follow _,
          Action.TellSentinel _,
          Action.DismissClients _,
          Action.SetNodeTimeout _,
          Action.BumpEpoch _,
          Action.Meet _ ->
          false;
      default -> !(outcome instanceof Outcome.Done);
    };
  }

  private List<Outcome> runTogether(RedisRef ref, List<Action> batch) {
    try {
      return guarded(ref, batch);
    } catch (KubernetesClientException e) { // the pods cannot be looked at a second time
      return batch.stream()
          .<Outcome>map(
              action -> new Outcome.Refused(action, Cause.UNVERIFIED, ApiErrors.message(e)))
          .toList();
    }
  }

  private List<Outcome> guarded(RedisRef ref, List<Action> batch) {
    boolean aimed = batch.stream().anyMatch(ActionServers::isAimed);
    Guard guard =
        new Guard(
            ref,
            nodes,
            () -> aimed ? kubernetes.pods(ref) : List.of(),
            () -> kubernetes.annotatedClaims(ref),
            name -> kubernetes.podNamed(ref, name),
            fanout,
            clock,
            steady);
    Map<ServerRef, Optional<String>> wrong = verify(guard, batch);
    // Actions for one server run in order; servers are served at once.
    Map<Object, List<Action>> perServer = new LinkedHashMap<>();
    batch.forEach(action ->
        perServer
            .computeIfAbsent(ActionServers.receiver(action), _ -> new ArrayList<>())
            .add(action));
    return fanout
        .map(
            perServer.values(),
            actions ->
                actions.stream()
                    .flatMap(a -> parts(a, wrong))
                    .map(a -> attempt(ref, guard, wrong, a))
                    .toList())
        .stream()
        .flatMap(Collection::stream)
        .toList();
  }

  /**
   * What can be done of it, then the whole of it: those that are not proven keep none that are from
   * being recorded, and what depends on all of them is not begun.
   */
  private static Stream<Action> parts(Action action, Map<ServerRef, Optional<String>> wrong) {
    if (!(action instanceof Action.RecordMembers whole)) {
      return Stream.of(action);
    }
    Set<ServerRef> unproven =
        ActionServers.of(whole)
            .filter(server -> wrong.getOrDefault(server, Optional.empty()).isPresent())
            .collect(Collectors.toSet());
    return Stream.<Action>of(ProvenMembers.of(whole, unproven), whole).distinct();
  }

  /** The second look at each server that these touch; a reason for each that is not the same. */
  private Map<ServerRef, Optional<String>> verify(Guard guard, List<Action> batch) {
    List<ServerRef> targets = batch.stream().flatMap(ActionServers::of).distinct().toList();
    Map<ServerRef, Optional<String>> wrong = new LinkedHashMap<>();
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
      RedisRef ref, Guard guard, Map<ServerRef, Optional<String>> wrong, Action action) {
    Optional<String> stranger =
        ActionServers.of(action)
            .map(target -> wrong.getOrDefault(target, Optional.empty()))
            .flatMap(Optional::stream)
            .findFirst();
    if (stranger.isPresent()) {
      return new Outcome.Refused(action, Cause.OTHER_SERVER, stranger.get());
    }
    try {
      Optional<String> reason = refusal(ref, guard, action);
      return reason.isPresent() ? Guard.refused(action, reason.get()) : command(ref, guard, action);
    } catch (RedisUnavailableException | RedisErrorException e) {
      return new Outcome.Failed(action, String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      return new Outcome.Failed(action, ApiErrors.message(e));
    }
  }

  private Optional<String> refusal(RedisRef ref, Guard guard, Action action) {
    Optional<String> reason =
        switch (action) {
          case Action.RecordMembers _,
              Action.AnnotateClaim _,
              Action.AnnotateTerm _,
              Action.LabelPod _, // the patch has its UID, and the API server compares
              Action.LabelReads _,
              Action.TriggerProbe _,
              Action.RefreshFiles _,
              Action.RecordPlacement _,
              Action.NudgeStatefulSet _,
              Action.ChangeUsers _, // by the operator alone, and the same twice
              Action.RemoveSentinels _, // of the objects, those that this Redis owns
              Action.ReloadCertificate _, // it keeps what it has where the files do not fit
              Action.SetNodeTimeout _ ->
              Optional.empty();
          case Action.Meet a -> guard.isStillThere(a.to());
          case Action.TellSentinel a -> sentinels(ref, guard).objection(a);
          case Action.ChangePassword a -> passwords(ref, guard).objection(a);
          case Action.ChangeSentinelPassword a -> passwords(ref, guard).objection(a);
          case Action.AssignSlots a ->
              Guard.mayOwn(guard.node(a.node()).look(), a.slots()).or(guard::mayBegin);
          case Action.Replicate a -> Guard.mayFollow(guard.node(a.node()).look());
          case Action.ForceFailover a -> guard.mayTakeOver(a);
          case Action.Takeover a ->
              guard.mayTakeOver(a.failover()).or(() -> deaths(ref, guard).areDead(a.dead()));
          case Action.PlannedFailover a -> guard.mayHandOver(a);
          case Action.ReassignLostSlots a -> guard.isLost(a);
          case Action.RecordPrimary a -> primary(ref, guard).mayRecord(a);
          case Action.Promote a -> primary(ref, guard).mayPromote(a);
          case Action.Follow a -> primary(ref, guard).mayFollow(a);
          case Action.HandOver a -> primary(ref, guard).mayHandOver(a);
          case Action.AbortHandOver a -> primary(ref, guard).mayAbort(a);
          case Action.DismissClients a -> primary(ref, guard).mayDismiss(a);
          case Action.Forget a -> guard.mayForget(a);
          case Action.MoveSlots a -> scaling(guard).mayMove(a);
          case Action.RepairOpenSlots _ -> Optional.empty(); // it looks at all masters by itself
          case Action.RemoveShard a -> scaling(guard).mayRemove(a);
          case Action.ShrinkShard a -> scaling(guard).mayShrink(a);
          case Action.BumpEpoch a -> scaling(guard).mayRaise(a);
          case Action.ReplacePod a ->
              new PodGuard(guard, kubernetes.claims(ref), snapshots, steady.instant())
                  .mayReplace(a);
          case Action.SetConfig a -> guard.mayRestore(a);
        };
    if (reason.isEmpty() && ActionServers.isAimed(action)) {
      reason = guard.tooLate(action);
    }
    return reason;
  }

  private Outcome command(RedisRef ref, Guard guard, Action action) {
    return switch (action) {
      case Action.MoveSlots moving -> outcome(action, mover.move(ref, moving));
      case Action.RepairOpenSlots closing -> outcome(action, mover.close(ref, closing));
      case Action.DismissClients dismissing ->
          outcome(action, dismissals.close(ref, guard.node(dismissing.replica()), dismissing));
      case Action.ReplacePod replacing ->
          kubernetes
              .deletePod(ref, replacing.pod())
              .<Outcome>map(reason -> new Outcome.Refused(action, reason))
              .orElseGet(() -> new Outcome.Done(action));
      default -> {
        send(ref, guard, action);
        yield new Outcome.Done(action);
      }
    };
  }

  private static Outcome outcome(Action action, Optional<String> left) {
    return left.<Outcome>map(reason -> new Outcome.Unfinished(action, reason))
        .orElseGet(() -> new Outcome.Done(action));
  }

  private void send(RedisRef ref, Guard guard, Action action) {
    switch (action) {
      case Action.RecordMembers a -> kubernetes.recordMembers(ref, a.members(), a.locations());
      case Action.RecordPlacement a ->
          kubernetes.annotateShard(ref, a.shard(), Labels.MOVES, a.moves().toString());
      case Action.NudgeStatefulSet a ->
          kubernetes.annotateShard(ref, a.shard(), Labels.NUDGES, a.nudges().toString());
      case Action.AnnotateClaim a -> kubernetes.annotateClaim(ref, a.pod(), a.id());
      case Action.LabelPod a -> label(ref, a);
      case Action.LabelReads a -> kubernetes.labelReads(ref, a.pod(), a.uid(), a.reads());
      case Action.TriggerProbe a ->
          kubernetes.annotatePod(ref, a.pod(), a.uid(), Labels.PROBES, a.probes().toString());
      case Action.RefreshFiles a ->
          kubernetes.annotatePod(ref, a.pod(), a.uid(), Labels.REFRESH, a.change());
      case Action.TellSentinel a -> sentinels(ref, guard).send(a);
      case Action.ReloadCertificate a -> guard.node(a.node()).setConfig(ServerTls.files());
      case Action.ChangePassword a -> passwords(ref, guard).send(a);
      case Action.ChangeSentinelPassword a -> passwords(ref, guard).send(a);
      case Action.ChangeUsers a -> UserSteps.send(guard.node(a.node()).users(), a);
      case Action.RemoveSentinels _ -> kubernetes.removeSentinels(ref);
      case Action.AnnotateTerm a -> kubernetes.annotateTerm(ref, a.pod(), a.term());
      case Action.RecordPrimary a ->
          kubernetes.recordPrimary(ref, a.shard(), a.remembered(), a.members(), a.locations());
      case Action.Promote a -> guard.node(a.node()).lead();
      case Action.Follow a -> Following.follow(guard.node(a.node()), a.primary(), ref.port());
      case Action.HandOver a ->
          guard.node(a.primary()).handOver(a.replica().ip(), ref.port(), LONGEST_PAUSE);
      case Action.AbortHandOver a -> guard.node(a.primary()).abortHandOver();
      case Action.SetNodeTimeout a ->
          guard.node(a.node()).setConfig(Map.of("cluster-node-timeout", Long.toString(a.millis())));
      case Action.AssignSlots a -> SlotGifts.assign(guard.node(a.node()), a);
      case Action.Meet a ->
          guard.node(a.from()).meet(new NodeAddress(a.to().ip(), ref.port(), Ports.BUS));
      case Action.Replicate a -> guard.node(a.node()).replicate(a.master());
      case Action.ForceFailover a -> guard.node(a.replica()).failover(FailoverMode.FORCE);
      case Action.Takeover a -> guard.node(a.failover().replica()).failover(FailoverMode.TAKEOVER);
      case Action.PlannedFailover a -> guard.node(a.replica()).failover(FailoverMode.GRACEFUL);
      case Action.ReassignLostSlots a -> SlotGifts.startAnew(guard.node(a.node()), a);
      case Action.Forget a -> guard.node(a.node()).forget(a.id());
      case Action.MoveSlots _,
          Action.RepairOpenSlots _,
          Action.DismissClients _,
          Action.ReplacePod _ ->
          throw new IllegalArgumentException(action.toString());
      case Action.RemoveShard a -> remove(guard, ref, a);
      case Action.BumpEpoch a -> guard.node(a.owner()).bumpEpoch();
      case Action.SetConfig a -> guard.node(a.node()).setConfig(Map.of(a.setting(), a.value()));
      case Action.ShrinkShard a -> kubernetes.shrinkShard(ref, a.shard(), a.pods());
    }
  }

  private void label(RedisRef ref, Action.LabelPod action) {
    if (action.role() == PodRole.NONE) {
      dismissals.begin(action.uid());
    }
    kubernetes.label(ref, action.pod(), action.uid(), action.role());
  }

  /**
   * A volume that is kept must not bring back the node that the others are about to forget: for a
   * minute they would forget it time and again, and with it slot moves to it or from it; and a
   * replica would wait for an abandoned master.
   */
  private void remove(Guard guard, RedisRef ref, Action.RemoveShard removal) {
    removal.nodes().forEach(node -> guard.node(node).reset());
    kubernetes.removeShard(ref, removal.shard());
  }

  private TakeoverGuard deaths(RedisRef ref, Guard guard) {
    return new TakeoverGuard(guard, ref, nodes, kubernetes, absences);
  }

  private SentinelSteps sentinels(RedisRef ref, Guard guard) {
    return new SentinelSteps(sentinelNodes, ref, guard);
  }

  private PasswordSteps passwords(RedisRef ref, Guard guard) {
    return new PasswordSteps(sentinelNodes, ref, guard);
  }

  private PrimaryGuard primary(RedisRef ref, Guard guard) {
    return new PrimaryGuard(guard, fanout, () -> deaths(ref, guard));
  }

  private ScalingGuard scaling(Guard guard) {
    return new ScalingGuard(
        guard, targets -> fanout.map(targets, target -> guard.node(target).look()));
  }
}
