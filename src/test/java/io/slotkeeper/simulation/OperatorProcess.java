package io.slotkeeper.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.execute.Executor;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.ServerConnections.ConnectionState;
import io.slotkeeper.observe.FailureReports;
import io.slotkeeper.observe.Observer;
import io.slotkeeper.observe.SentinelObserver;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.reconcile.Pass;
import io.slotkeeper.reconcile.RequeueDelays;
import io.slotkeeper.reconcile.Stages;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of the operator: the {@link Pass} of the product, again and again. It remembers nothing
 * but what it wrote.
 */
public final class OperatorProcess {
  public static final String NAME = "operator";

  static final int CONNECT_TIMEOUT = 300;

  /** What an overloaded machine needs for an answer, at least. */
  private static final int SLOW = 300;

  /** How long at most a process that goes on needs to see that its Lease has run out. */
  private static final int LEASE_CHECK = 1000;

  /** How often it looks at what is healthy. */
  private static final Duration RESYNC = Duration.ofSeconds(5);

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
      int before = asked;
      asked = Math.max(before, items.size());
      Map<Integer, R> results = new HashMap<>();
      List<T> list = List.copyOf(items);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        order.add(i);
      }
      for (int i : world.chance.shuffled(order)) {
        results.put(i, function.apply(list.get(i)));
      }
      asked = before;
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
  private final Executor executor;
  private final Pass pass;
  private final Map<String, ServerProcess> watched = new HashMap<>();
  private final Set<ServerProcess> noticed = new HashSet<>();
  private final int staleness;

  private @Nullable Plan last;
  private long cacheVersion = -1;
  private boolean hindered;
  private boolean gone;
  private long endsAt = Long.MAX_VALUE;

  /** How many are asked at once. */
  private int asked = 1;

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
    InstantSource clock = () -> Instant.ofEpochMilli(world.now);
    executor =
        new Executor(
            endpoint -> world.node(this, endpoint),
            endpoint -> world.sentinel(this, endpoint),
            world.api.access(this),
            fanout,
            clock,
            clock);
    pass =
        new Pass(
            new Stages(new Failures()),
            new Observer(endpoint -> world.node(this, endpoint), this::line, fanout, clock),
            new SentinelObserver(endpoint -> world.sentinel(this, endpoint), this::line, fanout),
            new FailureReports(clock),
            executor,
            new RequeueDelays(RESYNC, clock),
            clock);
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
  long seen() {
    return world.api.told(world.now) - staleness;
  }

  /** One pass; returns after how many milliseconds the next one is due. */
  public long pass() {
    long cached = seen();
    cacheVersion = world.api.versionAsOf(cached);
    hindered = false;
    return pass.run(new ModelSurroundings(world, this, ref, cached)).toMillis();
  }

  /** The API server has refused something in the last pass, or given no answer. */
  public boolean wasHindered() {
    return hindered;
  }

  void hindered(String what, KubernetesClientException e) {
    hindered = true;
    world.trace.add(world.now, () -> "  %s: %s".formatted(what, e.getMessage()));
  }

  void planned(Plan plan) {
    if (last == null || !last.findings().equals(plan.findings())) {
      world.trace.add(world.now, () -> "findings " + plan.findings());
    }
    last = plan;
  }

  /** Only the API server may keep a stage from its work; all else is a fault of the operator. */
  private final class Failures implements Stages.Listener {
    @Override
    public void succeeded(String uid, Stages.Stage stage) {}

    @Override
    public void failed(String uid, Stages.Stage stage, String cause, RuntimeException e) {
      if (e instanceof KubernetesClientException unanswered) {
        hindered("stage " + stage + " failed", unanswered);
      } else {
        throw e;
      }
    }
  }

  public @Nullable Plan lastPlan() {
    return last;
  }

  /**
   * A new leader runs already; this one still does what it had begun. Its process was stopped until
   * now, and ends as soon as it sees that its Lease has run out.
   */
  public void finish(Action action) {
    Plan plan = last;
    gone = false;
    endsAt = world.now + world.chance.between(0, LEASE_CHECK);
    if (plan != null) {
      world.trace.add(world.now, () -> "the former leader still does " + action);
      try {
        executor.execute(
            ref, new Plan(List.of(List.of(action)), List.of(), plan.health(), plan.pace()));
      } catch (Crash e) {
        world.trace.add(world.now, () -> "  it has ended");
      }
    }
  }

  /** What it had begun, it does not finish. */
  private void live() {
    if (gone || world.now > endsAt) {
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
    takeTime();
  }

  /** Those that are asked at once are slow at once, and not one after the other. */
  private void takeTime() {
    world.advance(
        world.now < world.answersLateUntil
            ? world.chance.between(SLOW, 3 * SLOW) / asked
            : world.chance.between(0, 2));
  }

  /** A command; the process may not survive it. */
  public void spend(String command) {
    live();
    world.trace.add(world.now, () -> "  > " + command);
    if (crashIn > 0 && --crashIn == 0) {
      gone = true;
      throw new Crash();
    }
    takeTime();
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

  /** The run of a server that a connection leads to. */
  public static final class Held {
    private final AtomicReference<@Nullable ServerProcess> process = new AtomicReference<>();

    private boolean isOf(ServerProcess server) {
      return process.compareAndSet(null, server) || process.compareAndSet(server, server);
    }
  }

  /**
   * @param held the connection to be used; null for any
   */
  public ServerProcess connect(Endpoint endpoint, @Nullable Held held) {
    ServerProcess server = connect(endpoint);
    if (held != null && !held.isOf(server)) {
      throw unavailable(Kind.CLOSED);
    }
    return server;
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
  void watch(String podUid, @Nullable String ip) {
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
