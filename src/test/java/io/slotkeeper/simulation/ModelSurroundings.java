package io.slotkeeper.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
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
import io.slotkeeper.plan.Topology;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reconcile.Caches;
import io.slotkeeper.reconcile.Goal;
import io.slotkeeper.reconcile.OtherServers;
import io.slotkeeper.reconcile.Stages;
import io.slotkeeper.reconcile.StatusNews;
import io.slotkeeper.reconcile.Surroundings;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one pass finds on the platform. It has no settings of running servers, no changes of running
 * pods, no events of pods and no foreign objects.
 */
final class ModelSurroundings implements Surroundings, Caches {
  /** In a longer look a server may have come and gone again. */
  private static final int LOOK = 500;

  private final Platform world;
  private final OperatorProcess operator;
  private final Goal goal;
  private final List<PodState> pods;
  private final List<SentinelPod> sentinels;
  private final int others;

  /** Which Redis of the name it is. */
  private final int deletions;

  private long begun;
  private Set<?> unserved = Set.of();

  /**
   * @param cached the time up to which the watches have reported
   */
  ModelSurroundings(Platform world, OperatorProcess operator, RedisRef ref, long cached) {
    this.world = world;
    this.operator = operator;
    deletions = world.deletions;
    pods = world.api.podsAsOf(cached);
    sentinels = world.sentinelsAsOf(cached);
    Topology wanted = world.wanted();
    others = OtherServers.most(wanted.replicas(), world.api.inventoryAsOf(cached), pods);
    goal = new Goal(ref, 1, wanted, world.halted, false, Optional.empty(), List.of());
  }

  @Override
  public String uid() {
    return goal.ref().uid();
  }

  @Override
  public @Nullable RedisStatus status() {
    return world.api.status();
  }

  @Override
  public Goal resolve(Stages.Run stages) {
    return goal;
  }

  @Override
  public Caches caches() {
    return this;
  }

  @Override
  public List<PodState> pods() {
    return pods;
  }

  @Override
  public List<SentinelPod> sentinels() {
    return sentinels;
  }

  @Override
  public Set<String> claims() {
    return world.api.claimsAsOf(operator.seen());
  }

  @Override
  public Map<String, NodeId> annotatedClaims() {
    return world.api.marks();
  }

  @Override
  public Inventory inventory() {
    return world.api.inventoryAsOf(operator.seen());
  }

  @Override
  public List<KubernetesNode> nodes() {
    return world.nodes.hosts();
  }

  @Override
  public AcceptedLosses acceptedLosses() {
    return world.api.accepted();
  }

  @Override
  public void looking(Goal goal, List<PodState> pods, List<SentinelPod> sentinels) {
    pods.forEach(pod -> operator.watch(pod.uid(), pod.ip()));
    sentinels.forEach(pod -> operator.watch(pod.uid(), pod.ip()));
    begun = world.now;
    unserved = world.unserved();
  }

  @Override
  public void looked(ClusterView view) {
    unserved.retainAll(world.now - begun < LOOK ? world.unserved() : Set.of());
  }

  @Override
  public Goal permitted(Goal goal, ClusterView view) {
    return goal;
  }

  /** What belongs to a Redis that is gone does not stay. */
  private boolean isGone() {
    return deletions != world.deletions;
  }

  @Override
  public void provide() {
    if (isGone()) {
      return;
    }
    Topology wanted = goal.topology();
    world.applyFiles(operator, goal, others);
    if (world.pods.lacks(wanted, goal.halted())) {
      operator.spend("apply %d x %d".formatted(wanted.shards(), wanted.replicas() + 1));
      world.api.mayWrite();
      world.pods.apply(wanted, goal.halted());
    }
    if (!world.templates.areApplied()) {
      operator.spend("apply template");
      world.api.mayWrite();
      world.templates.apply();
    }
  }

  @Override
  public void publishForeignObjects() {}

  @Override
  public void planned(Plan plan) {
    operator.planned(plan);
  }

  @Override
  public boolean areStopping() {
    return world.pods.sizes().values().stream().allMatch(size -> size == 0);
  }

  @Override
  public LiveSettings.Result giveSettings(Goal goal, ClusterView view) {
    return LiveSettings.Result.NONE;
  }

  @Override
  public Optional<Problem> changePods(
      Goal goal, ClusterView view, Plan plan, List<Missing> missing) {
    return Optional.empty();
  }

  @Override
  public List<Finding> reported(List<Outcome> outcomes) {
    return List.of();
  }

  @Override
  public List<String> pending() {
    return List.of();
  }

  @Override
  public void acted(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (!(outcome instanceof Outcome.Done)) {
        world.trace.add(world.now, () -> "  " + outcome);
      }
    }
  }

  @Override
  public Optional<Problem> objectProblem() {
    return Optional.empty();
  }

  @Override
  public void report(@Nullable RedisStatus before, RedisStatus after, List<Outcome> outcomes) {
    reportUnknown(before, after);
    Statuses.mayBe(after, unserved);
  }

  @Override
  public void reportUnknown(@Nullable RedisStatus before, RedisStatus after) {
    boolean _ =
        StatusNews.write(
            before, after, () -> write(before, after), e -> operator.hindered("status", e));
  }

  private void write(@Nullable RedisStatus before, RedisStatus after) {
    operator.spend("status: " + after.phase());
    world.api.mayWrite();
    if (isGone()) {
      throw new KubernetesClientException("another Redis has this name");
    }
    world.api.write(before, after);
  }
}
