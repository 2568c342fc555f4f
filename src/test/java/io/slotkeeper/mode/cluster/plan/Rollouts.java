package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.AttemptHistory;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Container;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.model.SchedulingConstraints;
import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster whose pods were made from different templates. At first all have the newest one, run,
 * and keep their data on claims; a test changes pod by pod what is different.
 */
final class Rollouts {
  static final String NEW = "new";
  static final String OLD = "old";

  final Views views;
  Topology wanted;
  UpdatePolicy policy = new UpdatePolicy(true, true, Views.NOW.minusSeconds(120));
  private final Map<String, Pod> pods = new TreeMap<>();
  final Map<String, ClaimState> claims = new HashMap<>();
  final Map<Integer, StatefulSetState> sets = new HashMap<>();

  /** What Kubernetes says of one pod. */
  static final class Pod {
    @Nullable String revision = NEW;
    Container container = Container.RUNNING;
    @Nullable Trouble trouble;
    boolean terminating;
    boolean ready = true;
    boolean started = true;
    boolean whole = true;
    @Nullable String node;
    Instant createdAt = Views.NOW.minusSeconds(61);
    SchedulingConstraints scheduling = SchedulingConstraints.ANYWHERE;
    String probes = "";

    Pod outdated() {
      revision = OLD;
      return this;
    }

    /** It ends whenever it is started. */
    Pod crashing() {
      container = Container.WAITING;
      trouble = new Trouble(Trouble.Kind.CRASHING, "the server has ended 4 times");
      ready = false;
      whole = false;
      return this;
    }

    /** No node takes it. */
    Pod unscheduled() {
      crashing();
      trouble = new Trouble(Trouble.Kind.UNSCHEDULABLE, "0/3 nodes are available");
      started = false;
      return this;
    }
  }

  Rollouts(Views views) {
    this.views = views;
    wanted = views.topology;
    for (int shard = 0; shard < views.topology.shards(); shard++) {
      sets.put(shard, set(shard, NEW));
    }
    for (String pod : views.topology.pods()) {
      pods.put(pod, new Pod());
      claims.put(pod, new ClaimState("data-" + pod, true, false, null));
    }
  }

  /** The StatefulSet of a shard, which has existed for a while. */
  StatefulSetState set(int shard, @Nullable String revision) {
    return new StatefulSetState(
        "x-shard" + shard,
        revision,
        views.topology.replicas() + 1,
        Views.NOW.minusSeconds(60),
        AttemptHistory.NONE,
        AttemptHistory.NONE);
  }

  static Rollouts of(int shards, int replicas) {
    return new Rollouts(Views.formed(shards, replicas));
  }

  /** Data goes with the pod. */
  Rollouts ephemeral() {
    claims.clear();
    policy = new UpdatePolicy(policy.rolling(), false, policy.since());
    return this;
  }

  Pod pod(int shard, int ordinal) {
    return Objects.requireNonNull(pods.get(views.topology.pod(shard, ordinal)));
  }

  /** A pod whose server does not run, and so does not answer. */
  Pod dead(int shard, int ordinal) {
    views.pod(shard, ordinal).silent(Kind.REFUSED);
    return pod(shard, ordinal).crashing();
  }

  Rollouts allOutdated() {
    pods.values().forEach(Pod::outdated);
    return this;
  }

  void terminating(int shard, int ordinal) {
    String pod = views.topology.pod(shard, ordinal);
    claims.put(pod, new ClaimState("data-" + pod, true, true, null));
  }

  Plan plan() {
    ClusterView seen = views.seen();
    List<Member> members =
        seen.members().stream()
            .map(member -> new Member(view(member.pod()), member.answer()))
            .toList();
    return ClusterPlanner.plan(
        wanted.updating(policy),
        new ClusterView(seen.at(), members, seen.remembered(), Set.of())
            .withNodes(seen.kubernetesNodes())
            .withInventory(new Inventory(sets, claims)));
  }

  /** The pods that are replaced now. */
  List<String> replaced() {
    return replacements().stream().map(action -> action.pod().name()).toList();
  }

  List<Action.ReplacePod> replacements() {
    return Actions.of(plan(), Action.ReplacePod.class);
  }

  private PodState view(PodState seen) {
    Pod pod = Objects.requireNonNull(pods.get(seen.name()));
    return new PodState(
        seen.name(),
        seen.uid(),
        seen.shard(),
        seen.ordinal(),
        seen.ip(),
        pod.node == null ? seen.node() : pod.node,
        pod.createdAt,
        pod.terminating,
        pod.ready,
        pod.container,
        pod.trouble,
        "7",
        pod.revision,
        pod.started,
        seen.runningSince(),
        pod.whole,
        pod.scheduling,
        seen.role(),
        seen.reads(),
        AttemptHistory.parse(pod.probes));
  }
}
