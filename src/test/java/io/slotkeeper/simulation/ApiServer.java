package io.slotkeeper.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.MemberStatus;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.api.ShardStatus;
import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodRef;
import io.slotkeeper.model.PodRole;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.ClaimState;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.MemberStatuses;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerLocations;
import io.slotkeeper.observe.ShardStatuses;
import io.slotkeeper.reconcile.ResumedShard;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.report.StatusMemory;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is written down, and what was there some time ago: an informer's cache lags behind. */
public final class ApiServer {
  private record State(long at, List<PodState> pods, Set<String> claims, Inventory inventory) {}

  private final Platform world;
  private final Deque<State> history = new ArrayDeque<>();
  private final Map<String, NodeId> marks = new HashMap<>();
  private final KubeObjects objects;
  private boolean everFormed;
  private long downSince;
  private long downUntil = -1;

  /** After that many more writes, one is refused. */
  public int refusesIn;

  private @Nullable RedisStatus status;
  private AcceptedLosses accepted = AcceptedLosses.NONE;

  ApiServer(Platform world) {
    this.world = world;
    objects = new KubeObjects(world, marks);
    history.add(new State(0, List.of(), Set.of(), Inventory.EMPTY));
  }

  public void changed() {
    history.addLast(
        new State(world.now, now(), Set.copyOf(world.claims.names()), objects.inventory()));
  }

  public List<PodState> now() {
    return world.pods.all().stream()
        .filter(pod -> pod.owner == Pod.Owner.OURS)
        .map(Pod::view)
        .toList();
  }

  private State asOf(long time) {
    while (history.size() > 1) {
      State first = history.removeFirst();
      if (history.getFirst().at() > time) {
        history.addFirst(first);
        break;
      }
    }
    return history.getFirst();
  }

  public List<PodState> podsAsOf(long time) {
    return asOf(time).pods();
  }

  Inventory inventoryAsOf(long time) {
    return asOf(time).inventory();
  }

  Set<String> claimsAsOf(long time) {
    return asOf(time).claims();
  }

  /** Whether the informer has got something new since. */
  long versionAsOf(long time) {
    return asOf(time).at();
  }

  Map<String, NodeId> marks() {
    return Map.copyOf(marks);
  }

  public Remembered memory() {
    return StatusMemory.read(status, marks);
  }

  public @Nullable RedisStatus status() {
    return status;
  }

  /** As StatusPatch does: what is remembered is written as a whole, where any of it has changed. */
  void write(@Nullable RedisStatus before, RedisStatus after) {
    RedisStatus now = status;
    boolean same =
        before != null
            && before.members().equals(after.members())
            && before.shards().equals(after.shards());
    status = now == null || !same ? after : with(after, now.members(), now.shards());
    everFormed |= memory().formed();
  }

  private static RedisStatus with(
      RedisStatus status, List<MemberStatus> members, List<ShardStatus> shards) {
    return new RedisStatus(
        status.phase(),
        status.observedGeneration(),
        status.conditions(),
        status.version(),
        status.shardCount(),
        status.readyPods(),
        status.selector(),
        shards,
        members,
        status.migration(),
        status.lastRebalance(),
        status.terminationPolicy(),
        status.binding(),
        status.tls());
  }

  /** How many pods a halted shard starts with. */
  int resumedPods(int shard) {
    return ResumedShard.pods(world.scenario.mode(), memory(), shard);
  }

  /** The status goes with the Redis; what is on the claims stays with them. */
  public void forget() {
    status = null;
    accepted = AcceptedLosses.NONE;
    changed();
  }

  /** The user has deleted the Redis and all its claims: nothing tells that it ever was. */
  public boolean isBlank() {
    return !memory().formed();
  }

  public boolean wasEverFormed() {
    return everFormed;
  }

  public void accept(String annotation) {
    accepted = AcceptedLosses.parse(annotation);
  }

  public AcceptedLosses accepted() {
    return accepted;
  }

  public boolean acceptsLosses() {
    return !accepted.equals(AcceptedLosses.NONE);
  }

  /** The user knows that this volume belongs here, and annotates its claim. */
  boolean adopt(Pod pod) {
    NodeId id = world.idToAdopt(pod);
    boolean ours = world.scenario.isRecreated() && id != null && !marks.containsValue(id);
    if (ours) {
      world.trace.add(world.now, () -> "the user annotates the claim of " + pod.name);
      marks.put(pod.name, id);
      changed();
    }
    return ours;
  }

  /** A shard that was reset, whose claims stay. */
  void unmarkShard(int shard) {
    marks.keySet().removeIf(pod -> Pod.isOf(pod, shard));
  }

  void unmark(String pod) {
    marks.remove(pod);
    objects.forget(pod);
  }

  /** No request is answered for a while, and no watch delivers anything. */
  public void fail(long millis) {
    long until = world.now + millis;
    world.trace.add(world.now, () -> "FAULT the API server does not answer");
    downSince = downUntil < world.now ? world.now : downSince;
    downUntil = Math.max(downUntil, until);
  }

  /** What watches have delivered until now is from then. */
  long told(long now) {
    return now < downUntil ? downSince : now;
  }

  void mayRead() {
    if (world.now < downUntil) {
      world.advance(OperatorProcess.CONNECT_TIMEOUT);
      throw new OperatorProcess.NoAnswer();
    }
  }

  /** What every write begins with. */
  public void mayWrite() {
    mayRead();
    if (refusesIn > 0 && --refusesIn == 0) {
      world.trace.add(world.now, () -> "FAULT a conflict");
      throw new KubernetesClientException("conflict");
    }
  }

  /** The way there of one operator process. */
  KubernetesApi access(OperatorProcess operator) {
    return new KubernetesApi() {
      @Override
      public void recordPrimary(
          RedisRef ref,
          int shard,
          RememberedShard remembered,
          Map<String, NodeId> members,
          Map<String, ServerLocations> locations) {
        operator.spend("record the primary in " + remembered.owner());
        mayWrite();
        world.recorded(Objects.requireNonNull(remembered.owner()).id());
        String name = "x-shard" + shard;
        RedisStatus before = status == null ? RedisStatus.EMPTY : status;
        status =
            with(
                before,
                MemberStatuses.status(members, locations),
                List.of(ShardStatuses.remembered(name, remembered)));
        operator.replied();
      }

      @Override
      public void labelReads(RedisRef ref, String pod, String uid, boolean reads) {
        change(uid, "label " + pod + " reads=" + reads, p -> p.reads = reads);
      }

      @Override
      public void annotatePod(RedisRef ref, String pod, String uid, String key, String value) {
        change(
            uid,
            "annotate " + pod + " " + key + "=" + value,
            changed -> {
              changed.probes = value;
              world.probe(changed);
            });
      }

      private void change(String uid, String what, Consumer<Pod> change) {
        operator.spend(what);
        mayWrite();
        world.pods.ours().stream().filter(pod -> pod.uid.equals(uid)).forEach(change);
        changed();
        operator.replied();
      }

      @Override
      public void removeSentinels(RedisRef ref) {
        throw new UnsupportedOperationException("the simulation has no Sentinels");
      }

      @Override
      public void annotateTerm(RedisRef ref, String pod, long term) {
        operator.spend("mark " + pod + " term " + term);
        mayWrite();
        objects.annotate(pod, term);
        changed();
        operator.replied();
      }

      @Override
      public List<PodState> pods(RedisRef ref) {
        operator.ask();
        mayRead();
        return now();
      }

      @Override
      public List<KubernetesNode> nodes() {
        return world.nodes.hosts();
      }

      @Override
      public Map<String, NodeId> annotatedClaims(RedisRef ref) {
        operator.ask();
        mayRead();
        return Map.copyOf(marks);
      }

      @Override
      public Map<String, ClaimState> claims(RedisRef ref) {
        operator.ask();
        mayRead();
        return objects.claims();
      }

      @Override
      public void annotateShard(RedisRef ref, int shard, String annotation, String value) {
        operator.spend("annotate shard " + shard + " " + annotation + "=" + value);
        mayWrite();
        objects.annotate(shard, annotation, value);
        changed();
        operator.replied();
      }

      @Override
      public Optional<String> deletePod(RedisRef ref, PodRef pod) {
        operator.spend("delete pod " + pod);
        mayWrite();
        Pod found = world.pods.pod(pod.name());
        if (found == null || !found.uid.equals(pod.uid())) {
          return Optional.of("gone");
        }
        if (!found.resourceVersion().equals(pod.resourceVersion())) {
          return Optional.of("has changed since");
        }
        world.replace(found);
        operator.replied();
        return Optional.empty();
      }

      @Override
      public Optional<PodState> podNamed(RedisRef ref, String name) {
        return pods(ref).stream().filter(pod -> pod.name().equals(name)).findFirst();
      }

      @Override
      public Optional<Instant> heartbeat(String host) {
        operator.ask();
        mayRead();
        return Optional.of(Instant.ofEpochMilli(world.nodes.heartbeat(host)));
      }

      @Override
      public void recordMembers(
          RedisRef ref, Map<String, NodeId> remembered, Map<String, ServerLocations> places) {
        operator.spend("remember " + remembered.size());
        mayWrite();
        status =
            (status == null ? RedisStatus.EMPTY : status)
                .withMembers(MemberStatuses.status(remembered, places));
        operator.replied();
      }

      @Override
      public void label(RedisRef ref, String pod, String uid, PodRole role) {
        change(uid, "label " + pod + " " + role, p -> p.role = role);
      }

      @Override
      public void shrinkShard(RedisRef ref, int shard, int pods) {
        operator.spend("shrink shard " + shard + " to " + pods);
        mayWrite();
        world.mayShrink(shard, pods);
        world.pods.shrink(shard, pods);
        operator.replied();
      }

      @Override
      public void removeShard(RedisRef ref, int shard) {
        operator.spend("remove shard " + shard);
        mayWrite();
        world.mayRemove(shard);
        world.pods.removeShard(shard);
        unmarkShard(shard);
        operator.replied();
      }

      @Override
      public void annotateClaim(RedisRef ref, String pod, NodeId id) {
        operator.spend("mark " + pod + " " + id.brief());
        mayWrite();
        if (new HashSet<>(world.claims.names()).contains(pod)) {
          marks.put(pod, id);
        }
        operator.replied();
      }
    };
  }
}
