package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.slotkeeper.api.BindingStatus;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.TlsStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.EventSources;
import io.slotkeeper.kubernetes.ObjectApplier;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.kubernetes.PodEvents;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.kubernetes.Retention;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reconcile.Stages.Stage;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.ServerPasswords;
import io.slotkeeper.resources.ServerSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a {@link Pass} over each Redis, among the objects, caches and servers that are real. */
@ControllerConfiguration(
    name = "redis",
    fieldManager = ObjectApplier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public // also events of a Redis that is being deleted
final class RedisReconciler implements Reconciler<Redis> {
  private final EventSources eventSources;
  private final Pass pass;
  private final DesiredStateResolver resolver;
  private final Policies policies;
  private final Provisioning provisioning;
  private final ForeignObjects foreignObjects;
  private final PodEvents podEvents;
  private final StalledHandshakes handshakes;
  private final ServerLiveness liveness;
  private final PasswordsInUse passwordsInUse;
  private final LiveSettings settings;
  private final PasswordChanges passwordChanges;
  private final UserChanges userChanges;
  private final RunningPodChanges podChanges;
  private final StatusReporter reporter;
  private final PassMetrics metrics;

  public RedisReconciler(
      EventSources eventSources,
      Pass pass,
      DesiredStateResolver resolver,
      Retention retention,
      Provisioning provisioning,
      ForeignObjects foreignObjects,
      PodEvents podEvents,
      StalledHandshakes handshakes,
      ServerLiveness liveness,
      PasswordsInUse passwordsInUse,
      LiveSettings settings,
      PasswordChanges passwordChanges,
      UserChanges userChanges,
      RunningPodChanges podChanges,
      StatusReporter reporter,
      PassMetrics metrics) {
    this.eventSources = eventSources;
    this.pass = pass;
    this.resolver = resolver;
    policies = new Policies(retention, reporter);
    this.provisioning = provisioning;
    this.foreignObjects = foreignObjects;
    this.podEvents = podEvents;
    this.handshakes = handshakes;
    this.liveness = liveness;
    this.passwordsInUse = passwordsInUse;
    this.settings = settings;
    this.passwordChanges = passwordChanges;
    this.userChanges = userChanges;
    this.podChanges = podChanges;
    this.reporter = reporter;
    this.metrics = metrics;
  }

  @Override
  public List<EventSource<?, Redis>> prepareEventSources(EventSourceContext<Redis> context) {
    return eventSources.all(context);
  }

  @Override
  public UpdateControl<Redis> reconcile(Redis redis, Context<Redis> context) {
    if (context.isPrimaryResourceDeleted() || redis.isMarkedForDeletion()) {
      userChanges.redisGone(ResourceID.fromResource(redis));
    }
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    if (redis.isMarkedForDeletion()) { // its objects go with it; none is created again
      return reporter
          .reportDeleting(redis, reporter.statusOf(redis))
          .map(RedisReconciler::again)
          .orElseGet(UpdateControl::noUpdate);
    }
    return again(metrics.measure(failed -> pass.run(new Here(redis, context, failed))));
  }

  private static UpdateControl<Redis> again(Duration rest) {
    return UpdateControl.<Redis>noUpdate().rescheduleAfter(rest);
  }

  /** One Redis, for the length of one pass. */
  private final class Here implements Surroundings, Caches {
    private final Redis redis;
    private final String uid;
    private final Owner owner;
    private final OwnedObjects owned;
    private final Runnable failed;

    /** Of the spec; once the servers were seen, what of it is permitted. */
    private @Nullable DesiredState desired;

    private @Nullable TlsStatus tls;

    /** What became of the objects so far. */
    private List<ObjectApplier.Result> applied = List.of();

    /**
     * @param failed to be called if nothing is found out
     */
    private Here(Redis redis, Context<Redis> context, Runnable failed) {
      this.redis = redis;
      this.failed = failed;
      uid = redis.getMetadata().getUid();
      owner = Owner.of(redis);
      owned = new OwnedObjects(context, owner, () -> resolver.secrets(redis));
    }

    private DesiredState desired() {
      return Objects.requireNonNull(desired, "nothing is resolved yet");
    }

    private Goal goal(DesiredState state) {
      desired = state;
      return new Goal(
          new RedisRef(
              redis.getMetadata().getNamespace(),
              redis.getMetadata().getName(),
              uid,
              state.password(),
              state.certificate().trust()),
          redis.getMetadata().getGeneration(),
          state.topology(),
          state.halted(),
          !state.settings().isEmpty(),
          state.problem(),
          state.warnings());
    }

    @Override
    public String uid() {
      return uid;
    }

    @Override
    public @Nullable RedisStatus status() {
      return reporter.statusOf(redis);
    }

    @Override
    public Goal resolve(Stages.Run stages) {
      applied = policies.carryOut(redis, owned, stages);
      return goal(
          stages.get(
              Stage.SPEC,
              () -> resolver.resolve(redis, owned, stages),
              () -> resolver.resolveRunning(redis, owned, stages)));
    }

    @Override
    public Caches caches() {
      return this;
    }

    @Override
    public List<PodState> pods() {
      return owned.pods();
    }

    @Override
    public List<SentinelPod> sentinels() {
      return owned.sentinels();
    }

    @Override
    public Set<String> claims() {
      return owned.claims();
    }

    @Override
    public Map<String, NodeId> annotatedClaims() {
      return owned.annotatedClaims();
    }

    @Override
    public Inventory inventory() {
      return owned.inventory();
    }

    @Override
    public List<KubernetesNode> nodes() {
      return eventSources.nodes();
    }

    @Override
    public AcceptedLosses acceptedLosses() {
      return StatusCache.acceptedLosses(redis);
    }

    @Override
    public void looking(Goal goal, List<PodState> pods, List<SentinelPod> sentinels) {
      RedisRef ref = goal.ref();
      liveness.follow(
          ResourceID.fromResource(redis), pods, sentinels, ref.password(), ref.trust() != null);
    }

    @Override
    public void looked(ClusterView view) {
      if (!view.members().isEmpty()) {
        metrics.looked(view.load().responseTime());
      }
      passwordsInUse.observe(uid, view);
    }

    /** A version that cannot replace that of the running servers is not applied. */
    @Override
    public Goal permitted(Goal goal, ClusterView view) {
      DesiredState asked = desired();
      return asked.objects().isEmpty()
          ? goal
          : owned
              .version()
              .flatMap(version ->
                  VersionChange.objection(version.getSpec(), VersionChange.running(view)))
              .map(objection ->
                  goal(
                      asked.refused(
                          objection, RunningState.kept(asked.topology(), redis, owned, false))))
              .orElse(goal);
    }

    @Override
    public void provide() {
      try {
        List<HasMetadata> wanted =
            isPasswordUnknown()
                ? Provisioning.withoutServers(owner, desired().objects())
                : desired().objects();
        List<ObjectApplier.Result> provided = provisioning.apply(owner, wanted, owned);
        applied = Stream.concat(applied.stream(), provided.stream()).toList();
      } finally {
        if (applied.stream().anyMatch(result -> result.wanted() instanceof Secret)) {
          resolver.reread(redis);
        }
      }
    }

    /**
     * There is no Secret of the servers, which run: it was deleted, or they have an older pod
     * template. What none of them accepts must not be what the next one starts with.
     */
    private boolean isPasswordUnknown() {
      return desired().password() != null
          && owned.serverSecret().flatMap(ServerPasswords::in).isEmpty()
          && owned.pods().stream().anyMatch(PodState::ready)
          && !passwordsInUse.taken(uid);
    }

    @Override
    public void publishForeignObjects() {
      foreignObjects.publish(redis, owned.foreignObjects());
    }

    @Override
    public boolean areStopping() {
      return RunningState.isStopped(owned.shards(), applied);
    }

    @Override
    public LiveSettings.Result giveSettings(Goal goal, ClusterView view) {
      return settings.keep(goal.ref(), view, desired()::settingsOf);
    }

    @Override
    public PasswordChanges.Result changePasswords(Goal goal, ClusterView view) {
      PasswordChanges.Result result =
          passwordChanges.advance(
              goal.ref(),
              view,
              goal.topology().sentinels(),
              desired().served(),
              desired().certificate().stored(),
              owned.allPodObjects(),
              applied.stream().anyMatch(one -> one.changed() && ServerSecret.is(one.wanted())));
      tls = desired().certificate().status(result.served(), view.members().size());
      return result;
    }

    @Override
    public UserChanges.Result changeUsers(Goal goal, ClusterView view) {
      return userChanges.advance(
          goal.ref(),
          view,
          owned.serverSecret(),
          desired().objects(),
          () -> resolver.reread(redis));
    }

    @Override
    public Optional<Problem> changePods(
        Goal goal, ClusterView view, Plan plan, List<Missing> missing) {
      return podChanges
          .advance(goal.ref(), desired(), view, plan, missing)
          .or(() -> UnboundVolumes.problem(redis, owned));
    }

    @Override
    public List<Finding> reported(List<Outcome> outcomes) {
      return Stream.concat(
              podEvents.of(uid, owned.statefulSets(), owned.allPodObjects()).stream(),
              handshakes.of(uid, outcomes).stream())
          .toList();
    }

    @Override
    public List<String> pending() {
      return PendingChanges.of(applied, owned.shards(), owned.ownClaims());
    }

    @Override
    public void acted(List<Outcome> outcomes) {
      reporter.log(outcomes);
    }

    @Override
    public Optional<Problem> objectProblem() {
      return ObjectProblems.of(applied);
    }

    @Override
    public void report(@Nullable RedisStatus before, RedisStatus after, List<Outcome> outcomes) {
      List<String> created =
          applied.stream()
              .filter(ObjectApplier.Result::created)
              .map(ObjectApplier.Result::name)
              .toList();
      boolean provided = desired != null && !desired.objects().isEmpty();
      BindingStatus binding = Bindings.status(owner, owned, provided ? applied : null, before);
      reporter.report(redis, before, after.withBinding(binding).withTls(tls), created, outcomes);
    }

    @Override
    public void reportUnknown(@Nullable RedisStatus before, RedisStatus after) {
      failed.run();
      reporter.report(redis, before, after, List.of(), List.of());
    }
  }
}
