package io.slotkeeper.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.mode.Modes;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.RequeuePace;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.model.ServerConnections.ConnectionState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.SentinelObserver;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.plan.SentinelPolicy;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.report.StatusBuilder;
import io.slotkeeper.report.StatusInput;
import io.slotkeeper.report.StatusMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of the operator: it looks, thinks, acts, and remembers nothing but what it wrote. */
public final class OperatorProcess {
  public static final String NAME = "operator";

  static final int CONNECT_TIMEOUT = 300;

  /** In a longer look a server may have come and gone again. */
  private static final int LOOK = 500;

  /** The operator's process is gone in the middle of what it did. */
  public static final class Crash extends RuntimeException {}

  /** The API server gave no answer. */
  public static final class NoAnswer extends KubernetesClientException {
    NoAnswer() {
      super("no answer");
    }
  }

  /** One after the other, in an order that is left to chance. */
  private final class InAnyOrder implements Fanout {
    @Override
    public <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function) {
      Map<Integer, R> results = new HashMap<>();
      List<T> list = List.copyOf(items);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        order.add(i);
      }
      for (int i : world.chance.shuffled(order)) {
        results.put(i, function.apply(list.get(i)));
      }
      List<R> inOrder = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        R result = results.get(i);
        if (result == null) {
          throw new IllegalStateException("a result is missing");
        }
        inOrder.add(result);
      }
      return inOrder;
    }
  }

  private final Platform world;
  private final RedisRef ref;
  private final Observer observer;
  private final SentinelObserver sentinels;
  private final Executor executor;
  private final FailureReports failureReports;
  private final Map<String, ServerProcess> watched = new HashMap<>();
  private final Set<ServerProcess> noticed = new HashSet<>();
  private final int staleness;

  private @Nullable Plan last;
  private long cacheVersion = -1;
  private long since;
  private boolean gone;

  /** Faults to come: after that many more commands. */
  public int crashIn;

  public int losesReplyIn;
  public int pausesIn;

  public OperatorProcess(Platform world) {
    this.world = world;
    staleness = world.scenario.staleness();
    String password = world.scenario.auth() ? "secret" : null;
    ref = new RedisRef("demo", "x", "uid", password);
    Fanout fanout = new InAnyOrder();
    observer =
        new Observer(
            endpoint -> world.node(this, endpoint),
            this::line,
            fanout,
            () -> Instant.ofEpochMilli(world.now));
    sentinels =
        new SentinelObserver(endpoint -> world.sentinel(this, endpoint), this::line, fanout);
    failureReports = new FailureReports(() -> Instant.ofEpochMilli(world.now));
    executor =
        new Executor(
            endpoint -> world.node(this, endpoint),
            endpoint -> world.sentinel(this, endpoint),
            world.api.access(this),
            fanout,
            () -> Instant.ofEpochMilli(world.now),
            () -> Instant.ofEpochMilli(world.now));
  }

  /** Something has happened that the operator gets to know of. */
  public boolean isWoken() {
    boolean closed = false;
    for (ServerProcess server : watched.values()) {
      closed |= server.phase == ServerProcess.Phase.ENDED && noticed.add(server);
    }
    return closed || world.hasNews() || world.api.versionAsOf(seen()) != cacheVersion;
  }

  /** The time up to which the watches have reported. */
  private long seen() {
    return world.api.told(world.now) - staleness;
  }

  /** One pass; returns after how many milliseconds the next one is due. */
  public long pass() {
    Topology wanted = world.wanted();
    world.applyFiles(this);
    if (world.pods.lacks(wanted)) {
      spend("apply %d x %d".formatted(wanted.shards(), wanted.replicas() + 1));
      world.api.mayWrite();
      world.pods.apply(wanted);
    }
    if (!world.templates.areApplied()) {
      spend("apply template");
      world.api.mayWrite();
      world.templates.apply();
    }
    long cached = seen();
    cacheVersion = world.api.versionAsOf(cached);
    List<PodState> pods = world.api.podsAsOf(cached);
    List<SentinelPod> watchers = world.sentinelsAsOf(cached);
    pods.forEach(pod -> watch(pod.uid(), pod.ip()));
    watchers.forEach(pod -> watch(pod.uid(), pod.ip()));
    long begun = world.now;
    Set<?> unserved = world.unserved();
    ClusterView seen =
        look(wanted, pods, watchers, cached)
            .withAcceptedLosses(world.api.accepted())
            .withNodes(world.nodes.hosts())
            .withInventory(world.api.inventoryAsOf(cached));
    unserved.retainAll(world.now - begun < LOOK ? world.unserved() : Set.of());
    ClusterView view = failureReports.observe("uid", seen);
    Plan plan = Modes.plan(wanted, view);
    if (last == null || !last.findings().equals(plan.findings())) {
      world.trace.add(world.now, () -> "findings " + plan.findings());
    }
    boolean same =
        last != null
            && last.pace() != RequeuePace.RESTING
            && last.actions().equals(plan.actions())
            && last.findings().equals(plan.findings());
    since = same ? since : world.now;
    last = plan;
    List<Outcome> outcomes = world.halted ? List.of() : executor.execute(ref, plan);
    for (Outcome outcome : outcomes) {
      if (!(outcome instanceof Outcome.Done)) {
        world.trace.add(world.now, () -> "  " + outcome);
      }
    }
    Statuses.mayBe(report(wanted, view, plan, outcomes), unserved);
    return pause(plan);
  }

  private ClusterView look(
      Topology wanted, List<PodState> pods, List<SentinelPod> watchers, long cached) {
    Remembered remembered = world.api.memory();
    Supplier<ClusterView> servers =
        () -> observer.observe(pods, remembered, world.api.claimsAsOf(cached), ref.password());
    SentinelPolicy policy = wanted.sentinels();
    return policy == null
        ? servers.get()
        : sentinels.observe(servers, watchers, policy.masterName(), ref.password());
  }

  /** As the reporter does: only what is news is written. */
  private RedisStatus report(Topology wanted, ClusterView view, Plan plan, List<Outcome> outcomes) {
    RedisStatus before = world.api.status();
    StatusInput found =
        new StatusInput(
            1,
            wanted,
            "",
            view,
            plan,
            StatusMemory.after(view.remembered(), wanted, plan, outcomes),
            Optional.empty(),
            List.of(),
            world.halted,
            Instant.ofEpochMilli(world.now),
            List.of(),
            List.of());
    RedisStatus after = StatusBuilder.status(before, found);
    if (!after.equals(before)) {
      spend("status: " + after.phase());
      world.api.mayWrite();
      world.api.write(before, after);
    }
    return after;
  }

  private long pause(Plan plan) {
    return switch (plan.pace()) {
      case EAGER, WAITING -> Math.clamp((world.now - since) / 8, 50, 2000); // as RequeueDelays does
      case RESTING -> 5000;
    };
  }

  /** Pods, as its cache has them. */
  public List<PodState> cachedPods() {
    return world.api.podsAsOf(seen());
  }

  /** Other objects, as its cache has them. */
  public Inventory cachedInventory() {
    return world.api.inventoryAsOf(seen());
  }

  public @Nullable Plan lastPlan() {
    return last;
  }

  /** A new leader runs already; this one still does what it had begun. */
  public void finish(Action action) {
    Plan plan = last;
    gone = false;
    if (plan != null) {
      world.trace.add(world.now, () -> "the former leader still does " + action);
      executor.execute(
          ref, new Plan(List.of(List.of(action)), List.of(), plan.health(), plan.pace()));
    }
  }

  /** What it had begun, it does not finish. */
  private void live() {
    if (gone) {
      throw new Crash();
    }
  }

  /** A question takes its time, and the process may be stopped for a while before the answer. */
  public void ask() {
    live();
    if (pausesIn > 0 && --pausesIn == 0) {
      world.trace.add(world.now, () -> "FAULT the operator stops for a while");
      world.advance(world.chance.between(500, 8000));
    }
    world.advance(world.chance.between(0, 2));
  }

  /** A command; the process may not survive it. */
  public void spend(String command) {
    live();
    world.trace.add(world.now, () -> "  > " + command);
    if (crashIn > 0 && --crashIn == 0) {
      gone = true;
      throw new Crash();
    }
    world.advance(world.chance.between(0, 2));
  }

  /** The command was executed; its answer may get lost. */
  public void replied() {
    if (losesReplyIn > 0 && --losesReplyIn == 0) {
      world.trace.add(world.now, () -> "FAULT the reply is lost");
      world.advance(CONNECT_TIMEOUT);
      if (world.chance.oneIn(2)) {
        throw new NoAnswer();
      }
      throw unavailable(Kind.TIMEOUT);
    }
  }

  public ServerProcess connect(Endpoint endpoint) {
    ServerProcess server = world.processAt(endpoint.ip());
    if (server == null && world.pods.refuses(endpoint.ip())) {
      throw unavailable(Kind.REFUSED);
    }
    if (server == null || !reaches(server) || server.isStalled()) {
      world.advance(CONNECT_TIMEOUT);
      throw unavailable(Kind.TIMEOUT);
    }
    switch (server.shown()) {
      case GUARDED, ENDED -> throw unavailable(Kind.REFUSED);
      case LOADING -> throw unavailable(Kind.LOADING);
      case SERVING -> {}
    }
    if (world.scenario.auth() && server.pod.owner != Pod.Owner.OURS) {
      throw unavailable(Kind.WRONG_PASSWORD);
    }
    return server;
  }

  private static RedisUnavailableException unavailable(Kind kind) {
    return new RedisUnavailableException(kind, kind.name(), null);
  }

  /** What the idle connection to a pod's server tells. */
  private ConnectionState line(String podUid) {
    ServerProcess server = watched.get(podUid);
    if (server == null || server.phase != ServerProcess.Phase.ENDED) {
      return ConnectionState.ASK;
    }
    ServerProcess now = world.processAt(server.ip);
    boolean answers = now == null ? world.pods.refuses(server.ip) : reaches(now);
    if (!answers) {
      return ConnectionState.SILENT;
    }
    return now == null || now.phase == ServerProcess.Phase.GUARDED
        ? ConnectionState.LOST
        : ConnectionState.ASK;
  }

  /** Holds a connection to each server that takes one. */
  private void watch(String podUid, @Nullable String ip) {
    ServerProcess server = ip == null ? null : world.processAt(ip);
    boolean listens =
        server != null && server.phase != ServerProcess.Phase.GUARDED && reaches(server);
    if (server != null && listens) {
      watched.put(podUid, server);
    }
  }

  public boolean reaches(ServerProcess server) {
    return !world.nodes.isCut(server.pod) && world.linked(NAME, server.pod.name);
  }
}
