package io.slotkeeper.simulation;

import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.plan.Topology;
import io.slotkeeper.plan.UpdatePolicy;
import io.slotkeeper.reconcile.Goal;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.testing.NoSentinels;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, the network, and Kubernetes. What runs in the pods, and what must never happen to
 * it, is left to the world of a mode.
 */
public abstract class Platform {

  private record Event(long at, long number, Runnable action) {}

  public final Scenario scenario;
  public final Chance chance;
  public final Trace trace;
  public final ApiServer api;
  public final Claims claims;
  public final StatefulSets pods;
  public final Containers containers;
  public final Nodes nodes;
  public final Templates templates;
  public long now;

  /** Not while the user has deleted it. */
  public boolean exists = true;

  /** How many of that name the user has deleted: another one has another uid. */
  public int deletions;

  /** The user wants no pods for a while ({@code spec.halted}). */
  public boolean halted;

  /** As the user wants it at this moment. */
  public Topology wanted;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Map<String, ServerProcess> byIp = new HashMap<>();
  private final Set<Set<String>> cuts = new HashSet<>();
  private long number;
  private boolean inside;

  @SuppressWarnings("this-escape") // its parts keep it, and call no method of a subclass yet
  protected Platform(Scenario scenario, Trace trace) {
    this.scenario = scenario;
    this.trace = trace;
    chance = new Chance(scenario.seed());
    wanted = scenario.topology();
    api = new ApiServer(this);
    claims = new Claims(this);
    pods = new StatefulSets(this);
    containers = new Containers(this);
    nodes = new Nodes(this);
    templates = new Templates(this);
  }

  /** Until then servers and the API server are slow to answer. */
  public long answersLateUntil;

  /** The way of an operator to one server. */
  protected abstract RedisNode node(OperatorProcess operator, Endpoint endpoint);

  /** The way of an operator to one Sentinel. */
  protected SentinelNode sentinel(OperatorProcess operator, Endpoint endpoint) {
    return NoSentinels.NODES.at(endpoint);
  }

  /** The pods of Sentinels, as the API server had them. */
  protected List<SentinelPod> sentinelsAsOf(long time) {
    return List.of();
  }

  /** A Sentinel has reported another primary to the operator since it last looked. */
  protected boolean hasNews() {
    return false;
  }

  /** The operator is about to record a primary. */
  protected void recorded(NodeId process) {}

  /** A Kubernetes node has lost its power. */
  protected void powerOff(String node) {}

  /** It has it again. */
  protected void powerOn(String node) {}

  /** What no server serves that the operator can reach. */
  protected abstract Set<?> unserved();

  /** A pod has changed: the kubelet runs its readiness probe. */
  protected void probe(Pod pod) {}

  /** An empty volume. */
  protected abstract Disk newDisk();

  /** The container of a pod starts its script. */
  protected abstract ServerProcess newServer(Pod pod, Disk disk, String ip);

  /** What the script waits for before the server listens. */
  protected abstract void guard(ServerProcess server, Runnable load);

  /** Whether the script can start a server on a volume that is {@link Disk#corrupt}. */
  protected abstract boolean mends(Pod pod);

  /**
   * The operator applies what servers start from.
   *
   * @param most how many other servers there may be
   */
  protected void applyFiles(OperatorProcess operator, Goal goal, int most) {}

  /**
   * The kubelet stops the server of a pod that was deleted.
   *
   * @param gone what it does then
   */
  protected void stop(Pod pod, Runnable gone) {
    gone.run();
  }

  /** The operator deletes a pod, which takes its time to stop. */
  protected abstract void replace(Pod pod);

  /** The operator makes a StatefulSet smaller. */
  protected abstract void mayShrink(int shard, int size);

  /** The operator deletes a StatefulSet. */
  protected abstract void mayRemove(int shard);

  /** The node id of a pod's server where the user would know it for one of the operator's own. */
  protected abstract @Nullable NodeId idToAdopt(Pod pod);

  /** The user deletes claims by mistake, too. */
  protected boolean losesClaims() {
    return true;
  }

  /** A fault destroyed a copy. */
  protected abstract void destroyed(String what);

  /** Copies go, as the user wants it. */
  protected abstract void thinned();

  /** With what the operator knows of updates. */
  public Topology wanted() {
    return scenario.updates()
        ? wanted.updating(new UpdatePolicy(true, scenario.durable(), Instant.EPOCH))
        : wanted;
  }

  public void after(long millis, Runnable action) {
    events.add(new Event(now + millis, number++, action));
  }

  /** Lets time pass, and everything happen that is due. */
  public void advance(long millis) {
    long until = now + millis;
    if (inside) {
      now = until; // a late command of a former leader: the rest of the world is in the middle
      return;
    }
    inside = true;
    try {
      while (!events.isEmpty() && events.peek().at() <= until) {
        Event event = Objects.requireNonNull(events.poll());
        now = Math.max(now, event.at());
        event.action().run();
      }
    } finally {
      inside = false;
    }
    now = Math.max(now, until);
  }

  protected void started(ServerProcess server) {
    byIp.put(server.ip, server);
  }

  protected void ended(ServerProcess server) {
    server.end();
    byIp.remove(server.ip, server);
  }

  /** The process in the pod that has this address, whatever its phase. */
  public @Nullable ServerProcess processAt(String ip) {
    return byIp.get(ip);
  }

  public boolean linked(ServerProcess a, ServerProcess b) {
    return nodes.linked(a.pod, b.pod) && linked(a.pod.name, b.pod.name);
  }

  public boolean linked(String a, String b) {
    return cuts.isEmpty() || a.equals(b) || !cuts.contains(Set.of(a, b));
  }

  public void cut(String a, String b) {
    cuts.add(Set.of(a, b));
  }

  public void heal(String a, String b) {
    cuts.remove(Set.of(a, b));
  }

  public void healAll() {
    cuts.clear();
  }

  /** Whether one server takes the other's password. */
  public boolean trusts(ServerProcess asked, ServerProcess asking) {
    return !scenario.auth() || asked.pod.owner == asking.pod.owner;
  }
}
