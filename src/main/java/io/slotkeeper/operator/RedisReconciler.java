package io.slotkeeper.operator;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.slotkeeper.act.Cluster;
import io.slotkeeper.act.Executor;
import io.slotkeeper.act.LiveSettings;
import io.slotkeeper.act.ObjectApplier;
import io.slotkeeper.act.Outcome;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.observe.Alarms;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.operator.Stages.Stage;
import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Planner;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.status.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Look, think, act, tell: one pass over one Redis. It never waits; it says when to look again. A
 * stage that fails is told in the status, and keeps only those from running that need its result.
 */
@ControllerConfiguration(
    name = "redis",
    fieldManager = ObjectApplier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true) // also those of a Redis that is being deleted
final class RedisReconciler implements Reconciler<Redis> {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Sources sources;
  private final Stages stages;
  private final Wishes wishes;
  private final Passwords passwords;
  private final Retention retention;
  private final Provisioning provisioning;
  private final IgnoredObjects ignored;
  private final PodEvents podEvents;
  private final Handshakes handshakes;
  private final Watches watches;
  private final Logins logins;
  private final Observer observer;
  private final Alarms alarms;
  private final Executor executor;
  private final LiveSettings settings;
  private final Staleness staleness;
  private final Teller teller;

  RedisReconciler(
      Sources sources,
      Stages stages,
      Wishes wishes,
      Passwords passwords,
      Retention retention,
      Provisioning provisioning,
      IgnoredObjects ignored,
      PodEvents podEvents,
      Handshakes handshakes,
      Watches watches,
      Logins logins,
      Observer observer,
      Alarms alarms,
      Executor executor,
      LiveSettings settings,
      Staleness staleness,
      Teller teller) {
    this.sources = sources;
    this.stages = stages;
    this.wishes = wishes;
    this.passwords = passwords;
    this.retention = retention;
    this.provisioning = provisioning;
    this.ignored = ignored;
    this.podEvents = podEvents;
    this.handshakes = handshakes;
    this.watches = watches;
    this.logins = logins;
    this.observer = observer;
    this.alarms = alarms;
    this.executor = executor;
    this.settings = settings;
    this.staleness = staleness;
    this.teller = teller;
  }

  @Override
  public List<EventSource<?, Redis>> prepareEventSources(EventSourceContext<Redis> context) {
    return sources.all(context);
  }

  @Override
  public UpdateControl<Redis> reconcile(Redis redis, Context<Redis> context) {
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    if (redis.isMarkedForDeletion()) { // its objects go with it; none is created again
      return teller
          .tellDeleting(redis, teller.statusOf(redis))
          .map(RedisReconciler::again)
          .orElseGet(UpdateControl::noUpdate);
    }
    Owner owner = Owner.of(redis);
    Secondary secondary = new Secondary(context, owner, () -> passwords.secret(redis));
    Stages.Pass pass = stages.begin(redis);
    RedisStatus before = teller.statusOf(redis);
    List<ObjectApplier.Result> retained = retain(redis, secondary, pass);
    Wish asked =
        pass.get(
            Stage.SPEC,
            () -> wishes.of(redis, secondary, pass),
            () -> wishes.ofWhatRuns(redis, secondary, pass));
    Optional<ClusterView> view = pass.find(Stage.LOOK, () -> look(redis, before, asked, secondary));
    Wish wish = view.map(seen -> permitted(redis, asked, secondary, seen)).orElse(asked);
    List<ObjectApplier.Result> provided =
        pass.get(
            Stage.OBJECTS,
            () ->
                provisioning.apply(
                    owner, wish.objects(), secondary::find, secondary.leavingClaims()),
            () -> List.of());
    List<ObjectApplier.Result> applied =
        Stream.concat(retained.stream(), provided.stream()).toList();
    if (applied.stream().anyMatch(result -> result.wanted() instanceof Secret)) {
      passwords.reread(redis);
    }
    pass.run(Stage.STRANGERS, () -> ignored.tell(redis, secondary.strangers()));

    Optional<Plan> plan =
        view.flatMap(seen -> pass.find(Stage.PLAN, () -> Planner.plan(wish.topology(), seen)));
    if (plan.isEmpty()) {
      return again(teller.tellUnknown(redis, before, pass.problems()));
    }
    PassReport report = act(redis, secondary, pass, wish, applied, view.orElseThrow(), plan.get());
    Duration rest =
        pass.get(
            Stage.STATUS,
            () -> teller.tell(redis, before, report),
            () -> teller.tellUnknown(redis, before, pass.problems()));
    return again(report.settingAccepted() ? AT_ONCE : rest); // it may go into the file now
  }

  /** Servers that are told to stop are left alone; until all are, those that serve are healed. */
  private PassReport act(
      Redis redis,
      Secondary secondary,
      Stages.Pass pass,
      Wish wish,
      List<ObjectApplier.Result> applied,
      ClusterView view,
      Plan plan) {
    Cluster cluster = clusterOf(redis, wish);
    boolean halted = wish.halted() && Running.isStopped(secondary.shards(), applied);
    List<Outcome> outcomes =
        halted
            ? List.of()
            : pass.get(Stage.ACT, () -> executor.execute(cluster, plan), () -> List.of());
    // After what heals: a setting can wait for that, and not the other way round.
    LiveSettings.Result given =
        wish.halted() || wish.settings().isEmpty()
            ? LiveSettings.Result.NONE
            : pass.get(
                Stage.SETTINGS,
                () -> settings.keep(cluster, view, wish::settingsOf),
                () -> LiveSettings.Result.NONE);
    Optional<Problem> stale =
        pass.get(
            Stage.UPDATE,
            () ->
                staleness
                    .of(cluster, wish, view, plan, given.missing())
                    .or(() -> volumes(redis, secondary)),
            Optional::empty);
    List<Outcome> all = Stream.concat(outcomes.stream(), given.outcomes().stream()).toList();
    String uid = redis.getMetadata().getUid();
    List<Finding> reported =
        pass.get(
            Stage.POD_EVENTS,
            () ->
                Stream.concat(
                        podEvents.of(uid, secondary.shards(), secondary.podObjects()).stream(),
                        handshakes.of(uid, outcomes).stream())
                    .toList(),
            () -> List.of());
    List<String> pending =
        pass.get(
            Stage.POD_EVENTS,
            () -> PendingChanges.of(applied, secondary.shards(), secondary.ownClaims()),
            () -> List.of());
    return new PassReport(
        wish,
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

  /** What cannot take the place of the servers that run is not applied. */
  private static Wish permitted(Redis redis, Wish wish, Secondary secondary, ClusterView view) {
    return wish.objects().isEmpty()
        ? wish
        : secondary
            .version()
            .flatMap(
                version -> VersionChange.objection(version.getSpec(), VersionChange.running(view)))
            .map(objection ->
                wish.refused(objection, Running.kept(wish.topology(), redis, secondary, false)))
            .orElse(wish);
  }

  private static Optional<Problem> volumes(Redis redis, Secondary secondary) {
    return redis.getUnreadable() == null
        ? UnboundVolumes.of(redis.getSpec().storage(), secondary.ownClaims())
            .or(() -> GrownVolumes.of(redis.getSpec().storage(), secondary.ownClaims()))
        : Optional.empty();
  }

  private ClusterView look(
      Redis redis, @Nullable RedisStatus before, Wish wish, Secondary secondary) {
    Memory memory = Statuses.memory(before, secondary.volumes());
    watches.follow(ResourceID.fromResource(redis), secondary.pods());
    ClusterView view =
        observer
            .observe(secondary.pods(), memory, secondary.claims(), wish.password())
            .accepting(Statuses.acceptedLosses(redis))
            .on(sources.hosts())
            .with(secondary.inventory());
    logins.heard(redis.getMetadata().getUid(), view);
    return alarms.noted(redis.getMetadata().getUid(), view);
  }

  private static UpdateControl<Redis> again(Duration rest) {
    return UpdateControl.<Redis>noUpdate().rescheduleAfter(rest);
  }

  /** Before and apart from all else: a deletion does not wait until the rest is as wanted. */
  private List<ObjectApplier.Result> retain(Redis redis, Secondary secondary, Stages.Pass pass) {
    if (redis.getUnreadable() != null) {
      return List.of(); // its policy may be what cannot be read: what is in force stays
    }
    var volumes =
        pass.find(
            Stage.VOLUME_OWNERS,
            () -> retention.prepare(redis, secondary.ownClaims(), Optional.empty()));
    var secret =
        pass.find(
            Stage.SECRET_OWNER, () -> retention.prepare(redis, List.of(), secondary.authSecret()));
    List<ObjectApplier.Result> results =
        Stream.of(volumes, secret).flatMap(Optional::stream).flatMap(List::stream).toList();
    if (volumes.isPresent()
        && secret.isPresent()
        && results.stream().allMatch(ObjectApplier.Result::succeeded)) {
      teller.inForce(redis, redis.getSpec().terminationPolicy());
    }
    return results.stream()
        .filter(result -> !result.succeeded() || result.wanted() instanceof Secret)
        .toList();
  }

  private static Cluster clusterOf(Redis redis, Wish wish) {
    return new Cluster(
        redis.getMetadata().getNamespace(),
        redis.getMetadata().getName(),
        redis.getMetadata().getUid(),
        wish.password());
  }
}
