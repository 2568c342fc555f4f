package io.slotkeeper.reconcile;

import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.mode.Modes;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.SentinelObserver;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.reasons.UnknownStatus;
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.report.StatusBuilder;
import io.slotkeeper.report.StatusInput;
import io.slotkeeper.report.StatusMemory;
import io.slotkeeper.resources.Labels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one Redis, in its order: resolve, observe, apply, plan, execute, update, report. It
 * never waits; it says when to look again. A failed stage shows in the status, and only the stages
 * that need its result are left out. The simulation runs this class, too: what it cannot have is
 * behind {@link Surroundings}.
 */
public final class Pass {
  /** When to look again after a pass that could not observe or plan. */
  static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** A server that writes a file gives no event when it has done so. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Set<Reason> SLOW =
      EnumSet.of(Reason.ChangingPersistence, Reason.ChangingPassword);

  private final Stages stages;
  private final Observer observer;
  private final SentinelObserver sentinels;
  private final FailureReports failureReports;
  private final Executor executor;
  private final RequeueDelays requeueDelays;
  private final InstantSource clock;

  /**
   * What one pass found out and did.
   *
   * @param halted the servers are stopping or stopped because the spec says so
   * @param stale what the spec asks for and running pods do not have yet
   * @param failures the stages that failed
   * @param pending the changes that Kubernetes has not carried out yet
   * @param reported what others say of the pods
   */
  private record Found(
      Goal goal,
      boolean halted,
      ClusterView view,
      Plan plan,
      List<Outcome> outcomes,
      Optional<Problem> stale,
      List<Problem> failures,
      List<String> pending,
      List<Finding> reported) {

    /** What keeps the spec from being carried out; first what the user can correct. */
    Optional<Problem> problem(Optional<Problem> ofObjects) {
      return goal.problem()
          .or(() -> ofObjects)
          .or(() -> failures.stream().findFirst())
          .or(() -> stale);
    }
  }

  public Pass(
      Stages stages,
      Observer observer,
      SentinelObserver sentinels,
      FailureReports failureReports,
      Executor executor,
      RequeueDelays requeueDelays,
      InstantSource clock) {
    this.stages = stages;
    this.observer = observer;
    this.sentinels = sentinels;
    this.failureReports = failureReports;
    this.executor = executor;
    this.requeueDelays = requeueDelays;
    this.clock = clock;
  }

  /** When to look again. */
  public Duration run(Surroundings around) {
    Stages.Run stage = stages.begin(around.uid());
    RedisStatus before = around.status();
    Goal asked = around.resolve(stage);
    Optional<ClusterView> view = stage.find(Stage.OBSERVE, () -> look(around, before, asked));
    Goal goal = view.map(seen -> around.permitted(asked, seen)).orElse(asked);
    stage.run(Stage.OBJECTS, around::provide);
    stage.run(Stage.FOREIGN_OBJECTS, around::publishForeignObjects);
    Optional<Plan> plan =
        view.flatMap(seen -> stage.find(Stage.PLAN, () -> Modes.plan(goal.topology(), seen)));
    return plan.isEmpty()
        ? reportUnknown(around, before, goal, stage)
        : act(around, before, goal, view.orElseThrow(), plan.get(), stage);
  }

  private ClusterView look(Surroundings around, @Nullable RedisStatus before, Goal goal) {
    Caches caches = around.caches();
    Remembered remembered = StatusMemory.read(before, caches.annotatedClaims());
    SentinelPolicy policy = goal.topology().sentinels();
    List<PodState> pods = caches.pods();
    List<SentinelPod> watchers = policy == null ? List.of() : caches.sentinels();
    around.looking(goal, pods, watchers);
    Supplier<ClusterView> servers =
        () -> observer.observe(pods, remembered, caches.claims(), goal.ref()::server);
    ClusterView seen =
        policy == null
            ? servers.get()
            : sentinels.observe(servers, watchers, policy.masterName(), goal.ref()::sentinel);
    ClusterView view =
        seen.withAcceptedLosses(caches.acceptedLosses())
            .withNodes(caches.nodes())
            .withInventory(caches.inventory());
    around.looked(view);
    return failureReports.observe(around.uid(), view);
  }

  /** Servers that are to stop are left alone; until all are, those that serve are healed. */
  private Duration act(
      Surroundings around,
      @Nullable RedisStatus before,
      Goal goal,
      ClusterView view,
      Plan plan,
      Stages.Run stage) {
    around.planned(plan);
    executor.seen(goal.ref(), view);
    boolean halted = goal.halted() && around.areStopping();
    List<Outcome> outcomes =
        halted
            ? List.of()
            : stage.get(Stage.EXECUTE, () -> executor.execute(goal.ref(), plan), () -> List.of());
    // After healing: a setting can wait for that, and not the other way round.
    LiveSettings.Result given =
        goal.halted() || !goal.givesSettings()
            ? LiveSettings.Result.NONE
            : stage.get(
                Stage.SETTINGS,
                () -> around.giveSettings(goal, view),
                () -> LiveSettings.Result.NONE);
    PasswordChanges.Result passwords =
        goal.halted()
            ? PasswordChanges.Result.NONE
            : stage.get(
                Stage.PASSWORDS,
                () -> around.changePasswords(goal, view),
                () -> PasswordChanges.Result.NONE);
    UserChanges.Result users =
        stage.get(Stage.USERS, () -> around.changeUsers(goal, view), () -> UserChanges.Result.NONE);
    Optional<Problem> stale =
        passwords
            .waiting()
            .or(() ->
                stage.get(
                    Stage.UPDATE,
                    () -> around.changePods(goal, view, plan, given.missing()),
                    Optional::empty));
    List<Finding> reported =
        stage.get(Stage.POD_EVENTS, () -> around.reported(outcomes), () -> List.of());
    List<String> pending = stage.get(Stage.POD_EVENTS, around::pending, () -> List.of());
    Found found =
        new Found(
            goal,
            halted,
            view,
            plan,
            Stream.of(outcomes, given.outcomes(), passwords.outcomes(), users.outcomes())
                .flatMap(List::stream)
                .toList(),
            stale,
            stage.problems(),
            pending,
            reported);
    Duration rest =
        stage.get(
            Stage.STATUS,
            () -> report(around, before, found),
            () -> reportUnknown(around, before, goal, stage));
    return given.accepted() || passwords.again() || users.again()
        ? AT_ONCE // the objects may change now
        : rest;
  }

  private Duration report(Surroundings around, @Nullable RedisStatus before, Found found) {
    Goal goal = found.goal();
    around.acted(found.outcomes());
    StatusInput input =
        new StatusInput(
            goal.generation(),
            goal.topology(),
            Labels.asText(Labels.masters(goal.ref().name())),
            found.view(),
            found.plan(),
            StatusMemory.after(
                found.view().remembered(), goal.topology(), found.plan(), found.outcomes()),
            found.problem(around.objectProblem()),
            goal.warnings(),
            found.halted(),
            clock.instant(),
            found.pending(),
            found.reported());
    around.report(before, StatusBuilder.status(before, input), found.outcomes());
    Duration rest = requeueDelays.next(around.uid(), found.plan(), found.outcomes());
    boolean changing = found.stale().map(Problem::reason).filter(SLOW::contains).isPresent();
    return changing && rest.compareTo(SOON) > 0 ? SOON : rest;
  }

  /** The servers could not be observed, or nothing was planned: the old status no longer holds. */
  private Duration reportUnknown(
      Surroundings around, @Nullable RedisStatus before, Goal goal, Stages.Run stage) {
    around.reportUnknown(
        before,
        UnknownStatus.of(before, goal.generation(), stage.problems().getFirst(), clock.instant()));
    return AFTER_FAILURE;
  }
}
