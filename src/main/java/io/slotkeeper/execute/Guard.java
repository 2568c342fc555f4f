package io.slotkeeper.execute;

import io.slotkeeper.execute.Outcome.Refused.Cause;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.EvictionSettings;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The second look, right before an action: the rules of safety are checked here, on live answers,
 * and not only where the action was planned. Each check gives the reason for refusing, if any.
 */
final class Guard {
  private static final String TOO_LATE = "too much time has passed since the check";

  private final RedisRef ref;
  private final RedisNodes nodes;
  private final Supplier<List<PodState>> listed;
  private final Ages ages;
  private volatile Map<String, PodState> pods;
  private volatile Instant podsSeen;
  private final Instant since;
  private final Supplier<Map<String, NodeId>> volumes;
  private final Function<String, Optional<PodState>> named;

  /** The ids of all, asked at once: one after the other takes too long with many. */
  private final Supplier<List<Said>> everyone;

  private final Map<ServerRef, RedisNode> held = new ConcurrentHashMap<>();

  /**
   * @param pods the pods of this Redis, live from the API server
   * @param volumes the node ids that its claims are annotated with, by pod, also live
   * @param named the pod that has the name of one of its pods, whatever its labels, also live
   */
  Guard(
      RedisRef ref,
      RedisNodes nodes,
      Supplier<List<PodState>> pods,
      Supplier<Map<String, NodeId>> volumes,
      Function<String, Optional<PodState>> named,
      Fanout fanout,
      InstantSource clock,
      InstantSource steady) {
    this.volumes = new Lazy<>(volumes);
    this.named = named;
    this.ref = ref;
    this.nodes = nodes;
    ages = new Ages(steady);
    since = clock.instant(); // before anything is looked at
    listed = pods;
    podsSeen = ages.now();
    this.pods = byName(pods.get());
    everyone = new Lazy<>(() -> fanout.map(pods(), this::ask));
  }

  private static Map<String, PodState> byName(List<PodState> pods) {
    return pods.stream().collect(Collectors.toMap(PodState::name, Function.identity()));
  }

  /**
   * What the action counts on is too old: servers are slow, or this process was stopped in between
   * (a pause of the garbage collector, of the machine), and an address may belong to another
   * cluster by now.
   */
  Optional<String> tooLate(Action action) {
    return ages.areTooOld(action) ? Optional.of(TOO_LATE) : Optional.empty();
  }

  /** Rule 1, where others get the address of a server: it is asked right before. */
  Optional<String> isStillThere(ServerRef target) {
    return ages.isUnheard(target) ? sameServer(target) : Optional.empty();
  }

  /** What an action is asked about from here on decides, and has to be of the moment. */
  void decides(Action action) {
    ages.decides(action);
  }

  private synchronized void lookAtPodsAgain() {
    Instant now = ages.now();
    if (ages.isOlder(podsSeen, Basis.VALIDITY)) {
      pods = byName(listed.get());
      podsSeen = now;
    }
  }

  static Outcome refused(Action action, String reason) {
    return new Outcome.Refused(
        action, reason.equals(TOO_LATE) ? Cause.TOO_LATE : Cause.OBJECTION, reason);
  }

  /** Outside of a cluster: why others must not follow this server, if so. */
  Optional<String> whyNotLeading(ServerRef primary) {
    Optional<String> stranger = isStillThere(primary);
    if (stranger.isPresent()) {
      return stranger;
    }
    NodeSnapshot now = look(primary);
    if (!now.isMaster()) {
      return Optional.of("pod " + primary.pod() + " is no primary any more");
    }
    return now.replication().failingOver()
        ? Optional.of("the primary is handing over")
        : Optional.empty();
  }

  /** The pods as the API server has them at this moment. */
  Collection<PodState> pods() {
    return pods.values();
  }

  /** Empty where the pod is gone, or another pod has its name by now. */
  Optional<PodState> pod(String name, String uid) {
    return Optional.ofNullable(pods.get(name)).filter(pod -> pod.uid().equals(uid));
  }

  /** The server of a pod. */
  RedisNode node(PodState pod, String ip) {
    return nodes.at(ref.server(pod.uid(), ip));
  }

  @Nullable PodState pod(String name) {
    return pods.get(name);
  }

  /** The node ids that the claims are annotated with, by pod. */
  Map<String, NodeId> volumes() {
    return volumes.get();
  }

  /** When this look began. */
  Instant since() {
    return since;
  }

  /** An objection where one of these pods is about to go. */
  Optional<String> leaving(Predicate<PodState> which) {
    return pods.values().stream()
        .filter(pod -> pod.terminating() && which.test(pod))
        .map(pod -> "pod " + pod.name() + " is on its way out")
        .findFirst();
  }

  /** Over the connection over which the server was asked for its id, however long ago. */
  RedisNode node(ServerRef target) {
    return held.computeIfAbsent(
        target, server -> nodes.at(ref.server(server.podUid(), server.ip())).held());
  }

  /** Over the same connection, so it shows as well that the server is still there. */
  private NodeSnapshot look(ServerRef target) {
    Instant asked = ages.now();
    NodeSnapshot now = node(target).look();
    ages.answered(target, asked);
    return now;
  }

  /**
   * Rule 1: the address still belongs to the pod, and the server there has taken our password and
   * still has the expected id.
   */
  Optional<String> sameServer(ServerRef target) {
    PodState pod = pods.get(target.pod());
    if (pod == null || !pod.uid().equals(target.podUid()) || !target.ip().equals(pod.ip())) {
      return Optional.of("pod " + target.pod() + " is not the one at " + target.ip() + " any more");
    }
    Instant asked = ages.now();
    NodeId id = node(target).myId();
    ages.answered(target, asked);
    return id.equals(target.id())
        ? Optional.empty()
        : Optional.of("the server in pod " + target.pod() + " is another one now: " + id.brief());
  }

  /** Slots are only given to a master that has no keys, and only where it knows no other owner. */
  static Optional<String> mayOwn(NodeSnapshot now, SlotSet slots) {
    if (!now.table().myself().isMaster() || now.keys() > 0) {
      return Optional.of("it is not an empty master any more");
    }
    boolean taken =
        now.table().nodes().stream()
            .anyMatch(node -> !node.id().equals(now.id()) && node.slots().intersects(slots));
    return taken ? Optional.of("some of the slots have an owner by now") : Optional.empty();
  }

  /** Rule 7: slots are assigned once, and an annotated claim shows that they had been. */
  Optional<String> mayBegin() {
    return volumes.get().keySet().stream()
        .sorted()
        .findFirst()
        .map(pod -> "the claim of pod " + pod + " is of this cluster, which was formed before");
  }

  /** Rule 4: a server that holds the only copy of some data never becomes a replica. */
  static Optional<String> mayFollow(NodeSnapshot now) {
    if (!now.table().myself().slots().isEmpty()) {
      return Optional.of("it owns slots by now");
    }
    return now.table().myself().isMaster() && now.keys() > 0
        ? Optional.of("it is a master that holds keys")
        : Optional.empty();
  }

  /** Rule 6: the master is dead at this moment, too, and the replica is still its replica. */
  Optional<String> mayTakeOver(Action.ForceFailover failover) {
    decides(failover);
    lookAtPodsAgain();
    NodeSnapshot now = node(failover.replica()).look();
    if (!failover.master().equals(now.table().myself().master())) {
      return Optional.of("it is not a replica of that master any more");
    }
    if (!failover.replicationId().equals(now.replication().replicationId())) {
      return Optional.of("it has copied another server since");
    }
    return failover.masterPod() == null
        ? Optional.empty()
        : isAlive(failover.masterPod(), failover.master());
  }

  /**
   * Rules 6 and 9: the master lives and is a master, the replica lacks at most its last writes, and
   * no other disruption is under way. A server that gets the command anyway gives up after 5 s, and
   * accepts no writes meanwhile.
   */
  Optional<String> mayHandOver(Action.PlannedFailover handOver) {
    PodState pod = pods.get(handOver.masterPod());
    if (pod == null || pod.ip() == null) {
      return Optional.of("pod " + handOver.masterPod() + " is not there");
    }
    Optional<String> leaving = leaving(_ -> true);
    if (leaving.isPresent()) {
      return leaving;
    }
    NodeSnapshot master = look(pod, pod.ip());
    if (!master.id().equals(handOver.master())) {
      return Optional.of("pod " + pod.name() + " has another node by now");
    }
    return Succession.whyNotYielding(master)
        .or(() -> Succession.whyNotSucceeding(node(handOver.replica()).look(), master));
  }

  /**
   * The reason for not taking a master for dead: it answers, or is silent. A pod that is not among
   * those of this Redis may have lost its labels, and runs.
   *
   * @param name of its pod; empty where no pod has its id any more
   */
  Optional<String> isAlive(String name, NodeId master) {
    PodState pod = pods.get(name);
    if (pod == null && !name.isEmpty()) {
      pod = named.apply(name).orElse(null);
    }
    if (pod == null || pod.ip() == null) {
      return Optional.empty();
    }
    try {
      NodeId id = nodes.at(ref.server(pod.uid(), pod.ip())).myId();
      return id.equals(master) ? Optional.of("the master answers") : Optional.empty();
    } catch (RedisUnavailableException e) {
      // Refused: no process listens. Everything else is silence, which proves nothing.
      boolean dead =
          e.kind() == Kind.REFUSED
              || (!e.kind().answers() && pod.container() == PodState.Container.TERMINATED);
      return dead ? Optional.empty() : Optional.of("the master may be alive: " + e.getMessage());
    }
  }

  /** A value that may have been set by hand is replaced only where that deletes no key. */
  Optional<String> mayRestore(Action.SetConfig action) {
    if (action.trigger() == Action.SetConfig.Trigger.CHANGED
        || !EvictionSettings.SETTINGS.contains(action.setting())) {
      return Optional.empty();
    }
    decides(action);
    RedisNode node = node(action.node());
    return EvictionSettings.threatens(
            action.setting(),
            action.value(),
            node.getConfig(EvictionSettings.SETTINGS),
            node.look().usedMemory())
        ? Optional.of("keys would be evicted")
        : Optional.empty();
  }

  /** Rule 5: no pod has the id, and no volume has it while it owns slots. */
  Optional<String> mayForget(Action.Forget forget) {
    Optional<String> claim =
        volumes.get().entrySet().stream()
            .filter(mark -> mark.getValue().equals(forget.id()))
            .map(Map.Entry::getKey)
            .findFirst();
    if (forget.owner() || claim.isPresent()) {
      NodeSnapshot now = node(forget.node()).look();
      boolean owner =
          now.table().find(forget.id()).filter(seen -> !seen.slots().isEmpty()).isPresent();
      if (owner && claim.isPresent()) {
        return Optional.of("the volume of pod " + claim.get() + " has that id, which owns slots");
      }
      if (forget.owner() && now.keys() > 0) {
        return Optional.of("there are keys by now");
      }
    }
    return isNobody(forget.id());
  }

  /**
   * Rule 7: every pod exists, shows another id, and knows no other owner of the slots and no copy;
   * no volume is left that the lost owner could come back with; and the node is empty.
   */
  Optional<String> isLost(Action.ReassignLostSlots loss) {
    for (String pod : loss.pods()) {
      if (!pods.containsKey(pod)) {
        return Optional.of("pod " + pod + " is not there");
      }
    }
    Map<PodState, NodeSnapshot> seen = new LinkedHashMap<>();
    for (PodState pod : pods.values()) {
      if (pod.ip() == null) {
        return Optional.of("pod " + pod.name() + " has not reported its node id");
      }
      seen.put(pod, look(pod, pod.ip()));
    }
    return LostSlotsGuard.objection(loss, seen)
        .or(() -> LostSlotsGuard.volume(loss, volumes.get(), pods.keySet()));
  }

  private NodeSnapshot look(PodState pod, String ip) {
    return node(pod, ip).look();
  }

  /** Every pod of ours answers, now, with another id. */
  private Optional<String> isNobody(NodeId id) {
    Optional<PodState> unheard = pods.values().stream().filter(pod -> pod.ip() == null).findFirst();
    if (unheard.isPresent()) {
      return Optional.of("pod " + unheard.get().name() + " has not reported its node id");
    }
    for (Said said : everyone.get()) {
      if (said.id().get().equals(id)) {
        return Optional.of("pod " + said.pod() + " has that id");
      }
    }
    return Optional.empty();
  }

  /**
   * What a pod's server says of itself.
   *
   * @param id throws where the server did not answer
   */
  private record Said(String pod, Supplier<NodeId> id) {}

  private Said ask(PodState pod) {
    try {
      NodeId id = node(pod, String.valueOf(pod.ip())).myId();
      return new Said(pod.name(), () -> id);
    } catch (RedisUnavailableException | RedisErrorException e) {
      return new Said(
          pod.name(),
          () -> {
            throw e;
          });
    }
  }
}
