package io.slotkeeper.operator;

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
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Memory;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.plan.Finding;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Planner;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.status.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Look, think, act, tell: one pass over one Redis. It never waits; it says when to look again. */
@ControllerConfiguration(name = "redis", fieldManager = ObjectApplier.FIELD_MANAGER)
final class RedisReconciler implements Reconciler<Redis> {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Sources sources;
  private final Wishes wishes;
  private final ObjectApplier applier;
  private final IgnoredObjects ignored;
  private final PodEvents podEvents;
  private final Handshakes handshakes;
  private final Watches watches;
  private final Logins logins;
  private final Observer observer;
  private final Executor executor;
  private final LiveSettings settings;
  private final Staleness staleness;
  private final Teller teller;

  RedisReconciler(
      Sources sources,
      Wishes wishes,
      ObjectApplier applier,
      IgnoredObjects ignored,
      PodEvents podEvents,
      Handshakes handshakes,
      Watches watches,
      Logins logins,
      Observer observer,
      Executor executor,
      LiveSettings settings,
      Staleness staleness,
      Teller teller) {
    this.sources = sources;
    this.wishes = wishes;
    this.applier = applier;
    this.ignored = ignored;
    this.podEvents = podEvents;
    this.handshakes = handshakes;
    this.watches = watches;
    this.logins = logins;
    this.observer = observer;
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
    if (redis.isMarkedForDeletion()) {
      return UpdateControl.noUpdate(); // its objects go with it; none is made anew
    }
    Secondary secondary = new Secondary(context, Owner.of(redis));
    RedisStatus before = teller.statusOf(redis);
    Wish wish = wishes.of(redis, secondary);
    List<ObjectApplier.Result> applied = applier.apply(wish.objects(), secondary::find);
    ignored.tell(redis, secondary.strangers());

    Memory memory = Statuses.memory(before, secondary.volumes());
    watches.follow(ResourceID.fromResource(redis), secondary.pods());
    ClusterView view =
        observer
            .observe(secondary.pods(), memory, secondary.claims(), wish.password())
            .accepting(Statuses.acceptedLosses(redis))
            .on(sources.hosts())
            .with(secondary.inventory());
    logins.heard(redis.getMetadata().getUid(), view);
    Plan plan = Planner.plan(wish.topology(), view);
    Cluster cluster = clusterOf(redis, wish);
    List<Outcome> outcomes = wish.halted() ? List.of() : executor.execute(cluster, plan);
    // After what heals: a setting can wait for that, and not the other way round.
    LiveSettings.Result given =
        wish.halted() || wish.settings().isEmpty()
            ? LiveSettings.Result.NONE
            : settings.keep(cluster, view, wish::settingsOf);
    Optional<Problem> stale =
        staleness
            .of(cluster, wish, view, plan, given.missing())
            .or(() -> GrownVolumes.of(redis.getSpec().storage(), secondary.claimObjects()));
    List<Outcome> all = Stream.concat(outcomes.stream(), given.outcomes().stream()).toList();
    String uid = redis.getMetadata().getUid();
    List<Finding> reported =
        Stream.concat(
                podEvents.of(uid, secondary.shards(), secondary.podObjects()).stream(),
                handshakes.of(uid, outcomes).stream())
            .toList();
    Duration rest =
        teller.tell(
            redis,
            before,
            wish,
            applied,
            PendingChanges.of(applied, secondary.shards(), secondary.claimObjects()),
            reported,
            stale,
            view,
            plan,
            all);
    return UpdateControl.<Redis>noUpdate()
        .rescheduleAfter(given.accepted() ? AT_ONCE : rest); // it may go into the file now
  }

  private static Cluster clusterOf(Redis redis, Wish wish) {
    return new Cluster(
        redis.getMetadata().getNamespace(),
        redis.getMetadata().getName(),
        redis.getMetadata().getUid(),
        wish.password());
  }
}
