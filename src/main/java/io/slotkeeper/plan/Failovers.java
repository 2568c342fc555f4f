package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.ShardMemory;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.redis.ClusterNode;
import io.slotkeeper.redis.ClusterNode.Flag;
import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
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
 * Which replicas take over from a dead master, without waiting for the node timeout. Only a proven
 * death counts: silence is left to the servers' own election, which asks the majority.
 */
final class Failovers {
  /** A link that broke when the master died has been down for that long, at most, when we look. */
  private static final long FRESH_SECONDS = 2;

  /** How long a pod may take to start where its volume is first to be attached to its machine. */
  private static final Duration START = Duration.ofSeconds(30);

  private Failovers() {}

  /** A master that owns slots and did not answer, and what proves that it is dead, if anything. */
  record Missing(NodeId master, Optional<Member> pod, Optional<String> evidence) {

    Optional<String> podName() {
      return pod.map(member -> member.pod().name());
    }
  }

  static List<Missing> missing(Situation situation) {
    return situation.ownership().owners().keySet().stream()
        .filter(owner -> !situation.roster().has(owner))
        .map(owner -> {
          Optional<Member> pod = situation.podOf(owner);
          return new Missing(owner, pod, evidence(situation, owner, pod));
        })
        .toList();
  }

  static List<Action> plan(Situation situation) {
    List<Missing> missing = missing(situation);
    List<Action.ForceFailover> failovers = new ArrayList<>();
    for (Missing lost : missing) {
      lost.evidence()
          .flatMap(evidence ->
              successor(situation, lost).map(s -> failover(situation, s, lost, evidence)))
          .ifPresent(failovers::add);
    }
    if (hasMajority(situation, missing.size())) {
      return takeover(situation, missing, failovers)
          .<List<Action>>map(List::of)
          .orElseGet(() ->
              failovers.stream().filter(f -> mayWin(situation, f)).<Action>map(f -> f).toList());
    }
    List<Action.Dead> dead =
        missing.stream()
            .filter(lost -> lost.evidence().isPresent() && !Survival.mayStillRun(situation, lost))
            .map(lost -> dead(situation, lost))
            .toList();
    if (hasMajority(situation, dead.size())) {
      return List.of(); // enough of them may be alive, and vote for somebody else
    }
    // One in turn: each takes the greatest epoch for itself, and two must not take the same.
    return failovers.stream()
        .filter(failover -> isUpToDate(situation, failover))
        .filter(failover -> dead.stream().anyMatch(d -> d.master().equals(failover.master())))
        .filter(failover -> !mayHaveSuccessor(situation, failover))
        .limit(1)
        .<Action>map(failover -> new Action.Takeover(failover, dead))
        .toList();
  }

  private static Action.Dead dead(Situation situation, Missing lost) {
    return new Action.Dead(
        lost.master(), formerPod(situation, lost).orElse(""), Survival.hosts(situation, lost));
  }

  /**
   * Nobody would object to what a takeover claims: a replica that has not heard that its master
   * gave slots away would take them back, with the older data. Nor may its new epoch be one that
   * its master has had: who knows of that would never believe it. It is told at the next look.
   */
  private static boolean isUpToDate(Situation situation, Action.ForceFailover failover) {
    long epoch =
        situation.peers().stream().mapToLong(p -> p.snapshot().currentEpoch()).max().orElse(0);
    return replica(situation, failover)
        .filter(peer -> peer.snapshot().currentEpoch() >= epoch)
        .map(peer -> peer.viewOf(failover.master()))
        .filter(seen -> seen.slots().minus(situation.ownership().of(failover.master())).isEmpty())
        .isPresent();
  }

  /**
   * Another replica has its volume and does not answer: it may have taken over before, and have
   * what was written since. A takeover would outbid it.
   */
  private static boolean mayHaveSuccessor(Situation situation, Action.ForceFailover failover) {
    Set<String> answering =
        situation.peers().stream().map(peer -> peer.pod().name()).collect(Collectors.toSet());
    return situation.view().members().stream()
        .map(Member::pod)
        .filter(pod -> situation.view().claims().contains(pod.name()))
        .filter(pod -> !pod.name().equals(failover.masterPod()) && !answering.contains(pod.name()))
        .anyMatch(pod ->
            replica(situation, failover)
                .filter(peer -> peer.pod().shard() == pod.shard())
                .isPresent());
  }

  private static Optional<Peer> replica(Situation situation, Action.ForceFailover failover) {
    return situation.roster().find(failover.replica().id());
  }

  /**
   * Who was introduced after a master had died may never hear of it, and then does not vote for its
   * replica; nor does who knows of a newer epoch of the master than the replica does
   * (clusterSendFailoverAuthIfNeeded), and of the dead nobody tells it. Where that leaves no
   * majority, and everybody has said that the master is gone for good, nobody needs to be asked.
   */
  private static Optional<Action> takeover(
      Situation situation, List<Missing> missing, List<Action.ForceFailover> failovers) {
    return missing.stream()
        .filter(lost -> situation.complete() && isGoneForGood(situation, lost))
        .filter(lost -> !Survival.mayStillRun(situation, lost))
        .flatMap(lost -> failovers.stream().filter(f -> f.master().equals(lost.master())))
        .filter(failover -> votes(situation, failover) * 2 <= situation.ownership().owners().size())
        .filter(failover -> isUpToDate(situation, failover))
        .findFirst()
        .map(failover ->
            new Action.Takeover(
                failover,
                missing.stream()
                    .filter(lost -> lost.master().equals(failover.master()))
                    .map(lost -> dead(situation, lost))
                    .toList()));
  }

  /**
   * Nobody votes in an epoch that is past, and who asked in vain does not ask again for four node
   * timeouts. A replica hears of a new epoch with the next packet.
   */
  private static boolean mayWin(Situation situation, Action.ForceFailover failover) {
    List<Peer> voters = voters(situation).toList();
    long epoch =
        replica(situation, failover).map(peer -> peer.snapshot().currentEpoch()).orElse(0L);
    long ahead = voters.stream().filter(peer -> peer.snapshot().currentEpoch() > epoch).count();
    return hasMajority(
        situation, (int) (situation.ownership().owners().size() - voters.size() + ahead));
  }

  private static long votes(Situation situation, Action.ForceFailover failover) {
    long asked =
        replica(situation, failover).map(peer -> epoch(peer, failover.master())).orElse(-1L);
    return voters(situation)
        .filter(peer -> peer.knows(failover.master()) && epoch(peer, failover.master()) <= asked)
        .count();
  }

  /** As a server knows it; -1 where it does not know the master. */
  private static long epoch(Peer peer, NodeId master) {
    ClusterNode seen = peer.viewOf(master);
    return seen == null ? -1 : seen.configEpoch();
  }

  private static Stream<Peer> voters(Situation situation) {
    return situation.peers().stream()
        .filter(peer -> peer.isMaster() && situation.ownership().owns(peer.id()));
  }

  /** Whether the masters with slots can still decide something when so many are away. */
  static boolean hasMajority(Situation situation, int away) {
    int masters = situation.ownership().owners().size();
    return (masters - away) * 2 > masters;
  }

  /** Where it was, even if there is no such pod at this moment: it may be there when we act. */
  private static Optional<String> formerPod(Situation situation, Missing lost) {
    return lost.podName().or(() -> situation.podNameOf(lost.master()));
  }

  private static Action.ForceFailover failover(
      Situation situation, Peer successor, Missing lost, String evidence) {
    return new Action.ForceFailover(
        successor.target(),
        lost.master(),
        formerPod(situation, lost).orElse(null),
        successor.snapshot().replication().replicationId(),
        evidence);
  }

  private static Optional<String> evidence(
      Situation situation, NodeId master, Optional<Member> pod) {
    if (pod.isEmpty()) {
      Optional<String> name = situation.podNameOf(master);
      if (name.isPresent()) {
        return Optional.of("pod " + name.get() + " is gone");
      }
      // Nobody is remembered with this id. It is gone for good once every pod is known by another.
      boolean gone =
          situation.complete()
              || situation
                  .view()
                  .memory()
                  .members()
                  .keySet()
                  .containsAll(situation.topology().pods());
      return gone ? Optional.of("no pod has its id any more") : Optional.empty();
    }
    return switch (pod.get().sight()) {
      case Sight.Seen seen ->
          hasNewNode(situation, pod.get())
              ? Optional.of("its pod has a new, empty node")
              : Optional.empty();
      case Sight.Unseen unseen when unseen.lost() ->
          Optional.of("its server closed the connection and refuses a new one");
      case Sight.Unseen unseen when unseen.kind() == Kind.REFUSED && isMissed(situation, master) ->
          Optional.of("no process listens at its address, and the other servers miss it, too");
      case Sight.Unseen unseen when unseen.kind().answers() -> Optional.empty();
      case Sight.Unseen unseen -> notRunning(pod.get().pod());
      case Sight.Unaddressed unaddressed -> notRunning(pod.get().pod());
    };
  }

  /** Its claim is there, and may bring it back. */
  static boolean hasVolume(Situation situation, Missing lost) {
    return situation
        .podNameOf(lost.master())
        .filter(situation.view().claims()::contains)
        .isPresent();
  }

  private static Optional<String> notRunning(PodView pod) {
    return switch (pod.container()) {
      case TERMINATED -> Optional.of("its container has ended");
      case WAITING -> Optional.of("its container has not started");
      case RUNNING -> Optional.empty();
    };
  }

  /** The replica that has most of what the master had, if any can be trusted to have it. */
  static Optional<Peer> successor(Situation situation, Missing lost) {
    return situation.peers().stream()
        .filter(peer -> !peer.isMaster() && lost.master().equals(peer.self().master()))
        .filter(peer -> !peer.pod().terminating())
        .filter(peer -> isCopy(situation, peer, lost))
        .max(
            Comparator.<Peer>comparingInt(peer -> Lineage.age(situation, peer, shard(lost, peer)))
                .reversed()
                .thenComparingLong(peer -> peer.snapshot().replication().offset())
                .thenComparingLong(peer -> peer.snapshot().keys())
                .thenComparingLong(peer -> epoch(peer, lost.master()))
                .thenComparingInt(peer -> -peer.pod().ordinal()));
  }

  private static boolean isCopy(Situation situation, Peer replica, Missing lost) {
    if (Formation.isEmpty(situation)) {
      return true;
    }
    int shard = shard(lost, replica);
    if (!Lineage.isCopy(situation, replica, shard, lost.master())) {
      return false;
    }
    if (isHeldBack(situation, lost)) {
      return true; // whatever it has is all there is
    }
    if (!isGoneForGood(situation, lost) && isOlder(situation, replica, lost)) {
      return false;
    }
    if (replica.snapshot().replication().linkUp()) {
      // It has not noticed yet; or it follows whoever has got the dead master's address.
      return Lineage.isKnown(situation, shard);
    }
    return isGoneForGood(situation, lost)
        ? hasAnything(situation, replica, shard)
        : isCurrent(situation, replica, lost);
  }

  /**
   * The servers have elected this master out of sight, and the replica has not copied it since: it
   * lacks what the master took, and that comes back with it.
   */
  private static boolean isOlder(Situation situation, Peer replica, Missing lost) {
    ShardMemory known = situation.view().memory().shard(shard(lost, replica));
    ShardMemory.Owner owner = known.owner();
    return owner != null
        && !owner.id().equals(lost.master())
        && views(situation, lost.master()).stream()
            .anyMatch(seen -> seen.configEpoch() > owner.epoch())
        && known.replicationIds().contains(replica.snapshot().replication().replicationId());
  }

  /** One that was cut off before the first write has the right history, and none of the data. */
  private static boolean hasAnything(Situation situation, Peer replica, int shard) {
    if (replica.snapshot().keys() > 0) {
      return true;
    }
    boolean had = situation.view().memory().shard(shard).heldKeys();
    return replica.snapshot().replication().wasLinked()
        && (!had || isFresh(situation, replica, shard));
  }

  private static int shard(Missing lost, Peer replica) {
    return lost.pod().map(member -> member.pod().shard()).orElse(replica.pod().shard());
  }

  /** Who answered there is this pod's, and not another's at its former address. */
  private static boolean hasNewNode(Situation situation, Member member) {
    return situation.peers().stream().anyMatch(peer -> peer.member().equals(member));
  }

  /** Its id will not come back: its pod has another one, or no volume that could bring it back. */
  static boolean isGoneForGood(Situation situation, Missing lost) {
    return lost.pod().isPresent()
        ? hasNewNode(situation, lost.pod().get())
        : !hasVolume(situation, lost);
  }

  /**
   * Its link broke with the master's death. One that broke before lacks what the master took since,
   * and that may be back in a moment, as does one that broke with the master before; only once the
   * others suspect the master, too, the servers' own vote would not wait any longer either. One
   * that has not been linked since its start may lag by anything.
   */
  private static boolean isCurrent(Situation situation, Peer replica, Missing lost) {
    return replica.snapshot().replication().linkDownSeconds() >= 0
        && (isFresh(situation, replica, shard(lost, replica)) || isOverdue(situation, lost));
  }

  private static boolean isFresh(Situation situation, Peer replica, int shard) {
    return replica.snapshot().replication().linkDownSeconds() <= FRESH_SECONDS
        && Lineage.age(situation, replica, shard) == 0;
  }

  /**
   * A server opens its port before it loads its data. Only the start script keeps it closed for
   * that long: it has found the data of this master gone, and waits for a replica to take over.
   * Where all start at once, on busy machines, a master with all of its data needs some seconds to
   * get there, too, and its replica may lack what it took last; the script waits for longer.
   */
  private static boolean isHeldBack(Situation situation, Missing lost) {
    return lost.pod()
        .filter(member ->
            member.sight() instanceof Sight.Unseen unseen
                && unseen.kind() == Kind.REFUSED
                && Optional.ofNullable(member.pod().runningSince())
                    .filter(
                        since -> since.plus(startTime(situation)).isBefore(situation.view().at()))
                    .isPresent()
                && isOverdue(situation, lost))
        .isPresent();
  }

  /** The script gives a replica three node timeouts and ten seconds to be heard of. */
  private static Duration startTime(Situation situation) {
    return Duration.ofMillis(3 * situation.topology().nodeTimeoutMillis());
  }

  /**
   * Missed, and for longer than the node timeout. A server that has found another at its address
   * never comes to suspect it: without a vote its pod gets the time to bring its volume.
   */
  private static boolean isOverdue(Situation situation, Missing lost) {
    List<ClusterNode> views = views(situation, lost.master());
    return isMissed(situation, lost.master())
        && (views.stream().anyMatch(ClusterNode::isFailing) || !isStarting(situation, lost));
  }

  private static boolean isStarting(Situation situation, Missing lost) {
    Instant young = situation.view().at().minus(START);
    return lost.pod()
        .map(member -> member.pod().createdAt().isAfter(young))
        .orElseGet(() -> hasVolume(situation, lost));
  }

  /** Everybody who knows it: a replica that was cut off misses it, too. */
  private static boolean isMissed(Situation situation, NodeId master) {
    List<ClusterNode> views = views(situation, master);
    return !views.isEmpty()
        && views.stream().allMatch(seen -> seen.isFailing() || seen.is(Flag.NOADDR));
  }

  private static List<ClusterNode> views(Situation situation, NodeId master) {
    return situation.peers().stream()
        .flatMap(peer -> Stream.ofNullable(peer.viewOf(master)))
        .toList();
  }
}
