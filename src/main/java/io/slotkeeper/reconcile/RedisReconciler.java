package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.EventSources;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.Passwords;
import io.slotkeeper.kubernetes.PodEvents;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.kubernetes.Retention;
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
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.report.StatusMemory;
import io.slotkeeper.resources.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one Redis: resolve, observe, apply, plan, execute, report. It never waits; it says
 * when to look again. A failed stage shows in the status, and only the stages that need its result
 * are left out.
 */
@ControllerConfiguration(
    name = "redis",
    fieldManager = ObjectApplier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public // also events of a Redis that is being deleted
final class RedisReconciler implements Reconciler<Redis> {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final EventSources eventSources;
  private final Stages stages;
  private final DesiredStateResolver resolver;
  private final Passwords passwords;
  private final Retention retention;
  private final Provisioning provisioning;
  private final ForeignObjects foreignObjects;
  private final PodEvents podEvents;
  private final StalledHandshakes handshakes;
  private final ServerLiveness liveness;
  private final PasswordsInUse passwordsInUse;
  private final Observer observer;
  private final SentinelObserver sentinels;
  private final FailureReports failureReports;
  private final Executor executor;
  private final LiveSettings settings;
  private final RunningPodChanges podChanges;
  private final StatusReporter reporter;

  public RedisReconciler(
      EventSources eventSources,
      Stages stages,
      DesiredStateResolver resolver,
      Passwords passwords,
      Retention retention,
      Provisioning provisioning,
      ForeignObjects foreignObjects,
      PodEvents podEvents,
      StalledHandshakes handshakes,
      ServerLiveness liveness,
      PasswordsInUse passwordsInUse,
      Observer observer,
      SentinelObserver sentinels,
      FailureReports failureReports,
      Executor executor,
      LiveSettings settings,
      RunningPodChanges podChanges,
      StatusReporter reporter) {
    this.eventSources = eventSources;
    this.stages = stages;
    this.resolver = resolver;
    this.passwords = passwords;
    this.retention = retention;
    this.provisioning = provisioning;
    this.foreignObjects = foreignObjects;
    this.podEvents = podEvents;
    this.handshakes = handshakes;
    this.liveness = liveness;
    this.passwordsInUse = passwordsInUse;
    this.observer = observer;
    this.sentinels = sentinels;
    this.failureReports = failureReports;
    this.executor = executor;
    this.settings = settings;
    this.podChanges = podChanges;
    this.reporter = reporter;
  }

  @Override
  public List<EventSource<?, Redis>> prepareEventSources(EventSourceContext<Redis> context) {
    return eventSources.all(context);
  }

  @Override
  public UpdateControl<Redis> reconcile(Redis redis, Context<Redis> context) {
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    if (redis.isMarkedForDeletion()) { // its objects go with it; none is created again
      return reporter
          .reportDeleting(redis, reporter.statusOf(redis))
          .map(RedisReconciler::again)
          .orElseGet(UpdateControl::noUpdate);
    }
    Owner owner = Owner.of(redis);
    OwnedObjects owned = new OwnedObjects(context, owner, () -> passwords.secret(redis));
    Stages.Pass pass = stages.begin(redis);
    RedisStatus before = reporter.statusOf(redis);
    List<ObjectApplier.Result> retained = retain(redis, owned, pass);
    DesiredState requested =
        pass.get(
            Stage.SPEC,
            () -> resolver.resolve(redis, owned, pass),
            () -> resolver.resolveRunning(redis, owned, pass));
    Optional<ClusterView> view =
        pass.find(Stage.OBSERVE, () -> look(redis, before, requested, owned));
    DesiredState desired =
        view.map(seen -> permitted(redis, requested, owned, seen)).orElse(requested);
    List<ObjectApplier.Result> provided =
        pass.get(
            Stage.OBJECTS,
            () -> provisioning.apply(owner, desired.objects(), owned::find, owned.leavingClaims()),
            () -> List.of());
    List<ObjectApplier.Result> applied =
        Stream.concat(retained.stream(), provided.stream()).toList();
    if (applied.stream().anyMatch(result -> result.wanted() instanceof Secret)) {
      passwords.reread(redis);
    }
    pass.run(Stage.FOREIGN_OBJECTS, () -> foreignObjects.publish(redis, owned.foreignObjects()));

    Optional<Plan> plan =
        view.flatMap(seen -> pass.find(Stage.PLAN, () -> Modes.plan(desired.topology(), seen)));
    if (plan.isEmpty()) {
      return again(reporter.reportUnknown(redis, before, pass.problems()));
    }
    PassResult report = act(redis, owned, pass, desired, applied, view.orElseThrow(), plan.get());
    Duration rest =
        pass.get(
            Stage.STATUS,
            () -> reporter.report(redis, before, report),
            () -> reporter.reportUnknown(redis, before, pass.problems()));
    return again(report.settingAccepted() ? AT_ONCE : rest); // it may go into the file now
  }

  /** Servers that are to stop are left alone; until all are, those that serve are healed. */
  private PassResult act(
      Redis redis,
      OwnedObjects owned,
      Stages.Pass pass,
      DesiredState desired,
      List<ObjectApplier.Result> applied,
      ClusterView view,
      Plan plan) {
    RedisRef ref = clusterOf(redis, desired);
    boolean halted = desired.halted() && RunningState.isStopped(owned.shards(), applied);
    List<Outcome> outcomes =
        halted
            ? List.of()
            : pass.get(Stage.EXECUTE, () -> executor.execute(ref, plan), () -> List.of());
    // After healing: a setting can wait for that, and not the other way round.
    LiveSettings.Result given =
        desired.halted() || desired.settings().isEmpty()
            ? LiveSettings.Result.NONE
            : pass.get(
                Stage.SETTINGS,
                () -> settings.keep(ref, view, desired::settingsOf),
                () -> LiveSettings.Result.NONE);
    Optional<Problem> stale =
        pass.get(
            Stage.UPDATE,
            () ->
                podChanges
                    .advance(ref, desired, view, plan, given.missing())
                    .or(() -> volumes(redis, owned)),
            Optional::empty);
    List<Outcome> all = Stream.concat(outcomes.stream(), given.outcomes().stream()).toList();
    String uid = redis.getMetadata().getUid();
    List<Finding> reported =
        pass.get(
            Stage.POD_EVENTS,
            () ->
                Stream.concat(
                        podEvents.of(uid, owned.statefulSets(), owned.allPodObjects()).stream(),
                        handshakes.of(uid, outcomes).stream())
                    .toList(),
            () -> List.of());
    List<String> pending =
        pass.get(
            Stage.POD_EVENTS,
            () -> PendingChanges.of(applied, owned.shards(), owned.ownClaims()),
            () -> List.of());
    return new PassResult(
        desired,
        halted,
        applied,
        view,
        plan,
        all,
        stale,
        pass.problems(),
        pending,
        reported,
        given.accepted());
  }

  /** A version that cannot replace that of the running servers is not applied. */
  private static DesiredState permitted(
      Redis redis, DesiredState desired, OwnedObjects owned, ClusterView view) {
    return desired.objects().isEmpty()
        ? desired
        : owned
            .version()
            .flatMap(
                version -> VersionChange.objection(version.getSpec(), VersionChange.running(view)))
            .map(objection ->
                desired.refused(
                    objection, RunningState.kept(desired.topology(), redis, owned, false)))
            .orElse(desired);
  }

  private static Optional<Problem> volumes(Redis redis, OwnedObjects owned) {
    return redis.getUnreadable() == null
        ? UnboundVolumes.of(redis.getSpec().storage(), owned.ownClaims())
            .or(() -> OversizedVolumes.of(redis.getSpec().storage(), owned.ownClaims()))
        : Optional.empty();
  }

  private ClusterView look(
      Redis redis, @Nullable RedisStatus before, DesiredState desired, OwnedObjects owned) {
    Remembered remembered = StatusMemory.read(before, owned.annotatedClaims());
    SentinelPolicy policy = desired.topology().sentinels();
    String password = desired.password();
    List<PodState> pods = owned.pods();
    List<SentinelPod> watchers = policy == null ? List.of() : owned.sentinels();
    liveness.follow(ResourceID.fromResource(redis), pods, watchers, password);
    Supplier<ClusterView> servers =
        () -> observer.observe(pods, remembered, owned.claims(), password);
    ClusterView seen =
        policy == null
            ? servers.get()
            : sentinels.observe(servers, watchers, policy.masterName(), password);
    ClusterView view =
        seen.withAcceptedLosses(StatusCache.acceptedLosses(redis))
            .withNodes(eventSources.nodes())
            .withInventory(owned.inventory());
    passwordsInUse.observe(redis.getMetadata().getUid(), view);
    return failureReports.observe(redis.getMetadata().getUid(), view);
  }

  private static UpdateControl<Redis> again(Duration rest) {
    return UpdateControl.<Redis>noUpdate().rescheduleAfter(rest);
  }

  /** Before and independent of all else: a deletion does not wait until the rest is as wanted. */
  private List<ObjectApplier.Result> retain(Redis redis, OwnedObjects owned, Stages.Pass pass) {
    if (redis.getUnreadable() != null) {
      return List.of(); // the policy may be what cannot be read: the one in force stays
    }
    var volumes =
        pass.find(
            Stage.VOLUME_OWNERS,
            () -> retention.prepare(redis, owned.ownClaims(), Optional.empty()));
    var secret =
        pass.find(
            Stage.SECRET_OWNER, () -> retention.prepare(redis, List.of(), owned.authSecret()));
    List<ObjectApplier.Result> results =
        Stream.of(volumes, secret).flatMap(Optional::stream).flatMap(List::stream).toList();
    if (volumes.isPresent()
        && secret.isPresent()
        && results.stream().allMatch(ObjectApplier.Result::succeeded)) {
      reporter.inForce(redis, redis.getSpec().terminationPolicy());
    }
    return results.stream()
        .filter(result -> !result.succeeded() || result.wanted() instanceof Secret)
        .toList();
  }

  private static RedisRef clusterOf(Redis redis, DesiredState desired) {
    return new RedisRef(
        redis.getMetadata().getNamespace(),
        redis.getMetadata().getName(),
        redis.getMetadata().getUid(),
        desired.password());
  }
}
