package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.RememberedShard;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNode.Flag;
import io.slotkeeper.redis.cluster.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which replicas take over from a dead master without waiting for the node timeout. Only a proven
 * death counts: silence is left to the servers' own election, which asks the majority.
 */
final class Failovers {
  /** A link that broke when the master died has been down for at most this long when we look. */
  private static final long FRESH_SECONDS = 2;

  /** How long a pod may take to start when its volume is first attached to its Kubernetes node. */
  private static final Duration START = Duration.ofSeconds(30);

  private Failovers() {}

  /** A master that owns slots and did not answer, and the proof of its death, if any. */
  record Missing(NodeId master, Optional<Member> pod, Optional<String> evidence) {

    Optional<String> podName() {
      return pod.map(member -> member.pod().name());
    }
  }

  static List<Missing> missing(ClusterModel cluster) {
    return cluster.ownership().owners().keySet().stream()
        .filter(owner -> !cluster.membership().has(owner))
        .map(owner -> {
          Optional<Member> pod = cluster.podOf(owner);
          return new Missing(owner, pod, evidence(cluster, owner, pod));
        })
        .toList();
  }

  static List<Action> plan(ClusterModel cluster) {
    List<Missing> missing = missing(cluster);
    List<Action.ForceFailover> failovers = new ArrayList<>();
    for (Missing lost : missing) {
      lost.evidence()
          .flatMap(
              evidence -> successor(cluster, lost).map(s -> failover(cluster, s, lost, evidence)))
          .ifPresent(failovers::add);
    }
    if (hasMajority(cluster, missing.size())) {
      return takeover(cluster, missing, failovers)
          .<List<Action>>map(List::of)
          .orElseGet(() ->
              failovers.stream().filter(f -> mayWin(cluster, f)).<Action>map(f -> f).toList());
    }
    List<Action.Dead> dead =
        missing.stream()
            .filter(
                lost -> lost.evidence().isPresent() && !IsolatedMasters.mayStillRun(cluster, lost))
            .map(lost -> dead(cluster, lost))
            .toList();
    if (hasMajority(cluster, dead.size())) {
      return List.of(); // enough of them may be alive to vote for another replica
    }
    // One at a time: each takes the greatest epoch for itself, and no two may take the same.
    return failovers.stream()
        .filter(failover -> isUpToDate(cluster, failover))
        .filter(failover -> dead.stream().anyMatch(d -> d.master().equals(failover.master())))
        .filter(failover -> !mayHaveSuccessor(cluster, failover))
        .limit(1)
        .<Action>map(failover -> new Action.Takeover(failover, dead))
        .toList();
  }

  private static Action.Dead dead(ClusterModel cluster, Missing lost) {
    return new Action.Dead(
        lost.master(),
        formerPod(cluster, lost).orElse(""),
        IsolatedMasters.knownNodes(cluster, lost));
  }

  /**
   * No vote checks a takeover's claim: a replica unaware that its master gave slots away would take
   * them back, with the older data. Nor may its new epoch be one that its master has had: servers
   * that know of it would never believe the claim. By the next pass it knows of both.
   */
  private static boolean isUpToDate(ClusterModel cluster, Action.ForceFailover failover) {
    long epoch =
        cluster.peers().stream().mapToLong(p -> p.snapshot().currentEpoch()).max().orElse(0);
    return replica(cluster, failover)
        .filter(peer -> peer.snapshot().currentEpoch() >= epoch)
        .map(peer -> peer.viewOf(failover.master()))
        .filter(seen -> seen.slots().minus(cluster.ownership().of(failover.master())).isEmpty())
        .isPresent();
  }

  /**
   * Another replica has its volume and does not answer: it may have taken over before and hold the
   * writes since then. A takeover would outbid it.
   */
  private static boolean mayHaveSuccessor(ClusterModel cluster, Action.ForceFailover failover) {
    Set<String> answering =
        cluster.peers().stream().map(peer -> peer.pod().name()).collect(Collectors.toSet());
    return cluster.view().members().stream()
        .map(Member::pod)
        .filter(pod -> cluster.view().claims().contains(pod.name()))
        .filter(pod -> !pod.name().equals(failover.masterPod()) && !answering.contains(pod.name()))
        .anyMatch(pod ->
            replica(cluster, failover)
                .filter(peer -> peer.pod().shard() == pod.shard())
                .isPresent());
  }

  private static Optional<Peer> replica(ClusterModel cluster, Action.ForceFailover failover) {
    return cluster.membership().find(failover.replica().id());
  }

  /**
   * A node that joined after the master died may never learn of it and will not vote for its
   * replica; neither will one that knows a newer config epoch of the master than the replica does
   * (clusterSendFailoverAuthIfNeeded), and no node announces that epoch any more. Where that leaves
   * no majority, and every pod's answer shows the master to be gone for good, no vote is needed.
   */
  private static Optional<Action> takeover(
      ClusterModel cluster, List<Missing> missing, List<Action.ForceFailover> failovers) {
    return missing.stream()
        .filter(lost -> cluster.complete() && isGoneForGood(cluster, lost))
        .filter(lost -> !IsolatedMasters.mayStillRun(cluster, lost))
        .flatMap(lost -> failovers.stream().filter(f -> f.master().equals(lost.master())))
        .filter(failover -> votes(cluster, failover) * 2 <= cluster.ownership().owners().size())
        .filter(failover -> isUpToDate(cluster, failover))
        .findFirst()
        .map(failover ->
            new Action.Takeover(
                failover,
                missing.stream()
                    .filter(lost -> lost.master().equals(failover.master()))
                    .map(lost -> dead(cluster, lost))
                    .toList()));
  }

  /**
   * No master votes in a past epoch, and a replica that asked in vain does not ask again for four
   * node timeouts. A replica learns of a new epoch with the next packet.
   */
  private static boolean mayWin(ClusterModel cluster, Action.ForceFailover failover) {
    List<Peer> voters = voters(cluster).toList();
    long epoch = replica(cluster, failover).map(peer -> peer.snapshot().currentEpoch()).orElse(0L);
    long ahead = voters.stream().filter(peer -> peer.snapshot().currentEpoch() > epoch).count();
    return hasMajority(
        cluster, (int) (cluster.ownership().owners().size() - voters.size() + ahead));
  }

  private static long votes(ClusterModel cluster, Action.ForceFailover failover) {
    long asked = replica(cluster, failover).map(peer -> epoch(peer, failover.master())).orElse(-1L);
    return voters(cluster)
        .filter(peer -> peer.knows(failover.master()) && epoch(peer, failover.master()) <= asked)
        .count();
  }

  /** As the peer knows it; -1 where it does not know the master. */
  private static long epoch(Peer peer, NodeId master) {
    ClusterNode seen = peer.viewOf(master);
    return seen == null ? -1 : seen.configEpoch();
  }

  private static Stream<Peer> voters(ClusterModel cluster) {
    return cluster.peers().stream()
        .filter(peer -> peer.isMaster() && cluster.ownership().owns(peer.id()));
  }

  /** Whether the masters with slots can still reach a decision when this many are away. */
  static boolean hasMajority(ClusterModel cluster, int away) {
    int masters = cluster.ownership().owners().size();
    return (masters - away) * 2 > masters;
  }

  /** The pod it was in, even if that does not exist at this moment: it may exist when we act. */
  private static Optional<String> formerPod(ClusterModel cluster, Missing lost) {
    return lost.podName().or(() -> cluster.podNameOf(lost.master()));
  }

  private static Action.ForceFailover failover(
      ClusterModel cluster, Peer successor, Missing lost, String evidence) {
    return new Action.ForceFailover(
        successor.target(),
        lost.master(),
        formerPod(cluster, lost).orElse(null),
        successor.snapshot().replication().replicationId(),
        evidence);
  }

  private static Optional<String> evidence(
      ClusterModel cluster, NodeId master, Optional<Member> pod) {
    if (pod.isEmpty()) {
      Optional<String> name = cluster.podNameOf(master);
      if (name.isPresent()) {
        return Optional.of("pod " + name.get() + " is gone");
      }
      // No pod is remembered with this id. It is gone once every pod is known by another id.
      boolean gone =
          cluster.complete()
              || cluster
                  .view()
                  .remembered()
                  .members()
                  .keySet()
                  .containsAll(cluster.topology().pods());
      return gone ? Optional.of("no pod has its id any more") : Optional.empty();
    }
    return switch (pod.get().answer()) {
      case ServerAnswer.Answered seen ->
          hasNewNode(cluster, pod.get())
              ? Optional.of("its pod has a new, empty node")
              : Optional.empty();
      case ServerAnswer.Failed unseen when unseen.lost() ->
          Optional.of("its server closed the connection and refuses a new one");
      case ServerAnswer.Failed unseen
          when unseen.kind() == Kind.REFUSED && isMissed(cluster, master) ->
          Optional.of("no process listens at its address, and the other servers miss it, too");
      case ServerAnswer.Failed unseen when unseen.kind().answers() -> Optional.empty();
      case ServerAnswer.Failed unseen -> notRunning(pod.get().pod());
      case ServerAnswer.NoAddress unaddressed -> notRunning(pod.get().pod());
    };
  }

  /** Its claim exists, and may bring it back. */
  static boolean hasVolume(ClusterModel cluster, Missing lost) {
    return cluster.podNameOf(lost.master()).filter(cluster.view().claims()::contains).isPresent();
  }

  private static Optional<String> notRunning(PodState pod) {
    return switch (pod.container()) {
      case TERMINATED -> Optional.of("its container has ended");
      case WAITING -> Optional.of("its container has not started");
      case RUNNING -> Optional.empty();
    };
  }

  /** The replica that has most of the master's data, if any can be trusted to have it. */
  static Optional<Peer> successor(ClusterModel cluster, Missing lost) {
    return cluster.peers().stream()
        .filter(peer -> !peer.isMaster() && lost.master().equals(peer.self().master()))
        .filter(peer -> !peer.pod().terminating())
        .filter(peer -> isCopy(cluster, peer, lost))
        .max(
            Comparator.<Peer>comparingInt(
                    peer -> ReplicationHistory.age(cluster, peer, shard(lost, peer)))
                .reversed()
                .thenComparingLong(peer -> peer.snapshot().replication().offset())
                .thenComparingLong(peer -> peer.snapshot().keys())
                .thenComparingLong(peer -> epoch(peer, lost.master()))
                .thenComparingInt(peer -> -peer.pod().ordinal()));
  }

  private static boolean isCopy(ClusterModel cluster, Peer replica, Missing lost) {
    if (Formation.isEmpty(cluster)) {
      return true;
    }
    int shard = shard(lost, replica);
    if (!ReplicationHistory.isCopy(cluster, replica, shard, lost.master())) {
      return false;
    }
    if (isHeldBack(cluster, lost)) {
      return true; // whatever it has is all there is
    }
    if (!isGoneForGood(cluster, lost) && isOlder(cluster, replica, lost)) {
      return false;
    }
    if (replica.snapshot().replication().linkUp()) {
      // It has not noticed yet; or it follows the server that now has the dead master's address.
      return ReplicationHistory.isKnown(cluster, shard);
    }
    return isGoneForGood(cluster, lost)
        ? hasAnything(cluster, replica, shard)
        : isCurrent(cluster, replica, lost);
  }

  /**
   * The servers elected this master without our seeing it, and the replica has not copied from it
   * since: the replica lacks the writes that the master took, and they return with the master.
   */
  private static boolean isOlder(ClusterModel cluster, Peer replica, Missing lost) {
    RememberedShard known = cluster.view().remembered().shard(shard(lost, replica));
    RememberedShard.Owner owner = known.owner();
    return owner != null
        && !owner.id().equals(lost.master())
        && views(cluster, lost.master()).stream()
            .anyMatch(seen -> seen.configEpoch() > owner.epoch())
        && known.replicationIds().contains(replica.snapshot().replication().replicationId());
  }

  /** A replica cut off before the first write has the right history and none of the data. */
  private static boolean hasAnything(ClusterModel cluster, Peer replica, int shard) {
    if (replica.snapshot().keys() > 0) {
      return true;
    }
    boolean had = cluster.view().remembered().shard(shard).heldKeys();
    return replica.snapshot().replication().wasLinked()
        && (!had || isFresh(cluster, replica, shard));
  }

  private static int shard(Missing lost, Peer replica) {
    return lost.pod().map(member -> member.pod().shard()).orElse(replica.pod().shard());
  }

  /** The server that answered there is this pod's, and not another one's at its former address. */
  private static boolean hasNewNode(ClusterModel cluster, Member member) {
    return cluster.peers().stream().anyMatch(peer -> peer.member().equals(member));
  }

  /** Its id will not come back: its pod has another one, or no volume that could bring it back. */
  static boolean isGoneForGood(ClusterModel cluster, Missing lost) {
    return lost.pod().isPresent()
        ? hasNewNode(cluster, lost.pod().get())
        : !hasVolume(cluster, lost);
  }

  /**
   * Its link broke with the master's death. If it broke earlier, or with the previous master, the
   * replica lacks later writes, which may be back with the master in a moment. Once the others
   * suspect the master, too, the servers' own vote would wait no longer either. A replica that has
   * not been linked since its start may lag by any amount.
   */
  private static boolean isCurrent(ClusterModel cluster, Peer replica, Missing lost) {
    return replica.snapshot().replication().linkDownSeconds() >= 0
        && (isFresh(cluster, replica, shard(lost, replica)) || isOverdue(cluster, lost));
  }

  private static boolean isFresh(ClusterModel cluster, Peer replica, int shard) {
    return replica.snapshot().replication().linkDownSeconds() <= FRESH_SECONDS
        && ReplicationHistory.age(cluster, replica, shard) == 0;
  }

  /**
   * A server opens its port before it loads its data. Only the start script keeps it closed for
   * that long: it has found the data of this master gone, and waits for a replica to take over.
   * Where all start at once on busy nodes, a master with all of its data also takes seconds to open
   * its port, and its replica may lack its last writes; the script waits longer than that.
   */
  private static boolean isHeldBack(ClusterModel cluster, Missing lost) {
    return lost.pod()
        .filter(member ->
            member.answer() instanceof ServerAnswer.Failed unseen
                && unseen.kind() == Kind.REFUSED
                && Optional.ofNullable(member.pod().runningSince())
                    .filter(since -> since.plus(startTime(cluster)).isBefore(cluster.view().at()))
                    .isPresent()
                && isOverdue(cluster, lost))
        .isPresent();
  }

  /** The script gives a replica three node timeouts and ten seconds to be heard of. */
  private static Duration startTime(ClusterModel cluster) {
    return Duration.ofMillis(3 * cluster.topology().nodeTimeoutMillis());
  }

  /**
   * Missed, and for longer than the node timeout. A peer that found another server at its address
   * never suspects it: without a vote, its pod gets the time to bring its volume.
   */
  private static boolean isOverdue(ClusterModel cluster, Missing lost) {
    List<ClusterNode> views = views(cluster, lost.master());
    return isMissed(cluster, lost.master())
        && (views.stream().anyMatch(ClusterNode::isFailing) || !isStarting(cluster, lost));
  }

  private static boolean isStarting(ClusterModel cluster, Missing lost) {
    Instant young = cluster.view().at().minus(START);
    return lost.pod()
        .map(member -> member.pod().createdAt().isAfter(young))
        .orElseGet(() -> hasVolume(cluster, lost));
  }

  /** Every peer that knows it misses it; a replica that was cut off does, too. */
  private static boolean isMissed(ClusterModel cluster, NodeId master) {
    List<ClusterNode> views = views(cluster, master);
    return !views.isEmpty()
        && views.stream().allMatch(seen -> seen.isFailing() || seen.is(Flag.NOADDR));
  }

  private static List<ClusterNode> views(ClusterModel cluster, NodeId master) {
    return cluster.peers().stream()
        .flatMap(peer -> Stream.ofNullable(peer.viewOf(master)))
        .toList();
  }
}
