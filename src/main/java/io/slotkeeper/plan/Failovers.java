package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which replicas take over from a dead master, without waiting for the node timeout. Only a proven
 * death counts: silence is left to the servers' own election, which asks the majority.
 */
final class Failovers {

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
          .flatMap(evidence -> successor(situation, lost).map(s -> failover(s, lost, evidence)))
          .ifPresent(failovers::add);
    }
    if (hasMajority(situation, missing.size())) {
      return List.copyOf(failovers);
    }
    Map<NodeId, String> dead = new HashMap<>();
    missing.stream()
        .filter(lost -> lost.evidence().isPresent())
        .forEach(lost -> dead.put(lost.master(), lost.podName().orElse("")));
    if (hasMajority(situation, dead.size())) {
      return List.of(); // enough of them may be alive, and vote for somebody else
    }
    // One in turn: each takes the greatest epoch for itself, and two must not take the same.
    return failovers.stream()
        .limit(1)
        .<Action>map(failover -> new Action.Takeover(failover, dead))
        .toList();
  }

  /** Whether the masters with slots can still decide something when so many are away. */
  static boolean hasMajority(Situation situation, int away) {
    int masters = situation.ownership().owners().size();
    return (masters - away) * 2 > masters;
  }

  private static Action.ForceFailover failover(Peer successor, Missing lost, String evidence) {
    return new Action.ForceFailover(
        successor.target(), lost.master(), lost.podName().orElse(null), evidence);
  }

  private static Optional<String> evidence(
      Situation situation, NodeId master, Optional<Member> pod) {
    if (pod.isEmpty()) {
      Optional<String> name =
          situation.view().memory().members().entrySet().stream()
              .filter(entry -> entry.getValue().equals(master))
              .map(Map.Entry::getKey)
              .findFirst();
      if (name.isPresent()) {
        return Optional.of("pod " + name.get() + " is gone");
      }
      // Nobody is remembered with this id. It is gone for good once every pod says it is another.
      return situation.complete() ? Optional.of("no pod has its id any more") : Optional.empty();
    }
    return switch (pod.get().sight()) {
      case Sight.Seen seen -> Optional.of("its pod has a new, empty node");
      case Sight.Unseen unseen when unseen.lost() ->
          Optional.of("its server closed the connection and refuses a new one");
      case Sight.Unseen unseen -> notRunning(pod.get().pod());
      case Sight.Unaddressed unaddressed -> notRunning(pod.get().pod());
    };
  }

  private static Optional<String> notRunning(PodView pod) {
    return switch (pod.container()) {
      case TERMINATED -> Optional.of("its container has ended");
      case WAITING -> Optional.of("its container has not started");
      case RUNNING -> Optional.empty();
    };
  }

  /**
   * The replica with the largest offset. One that has not been linked to the master since its own
   * start may lag by anything: it only counts when the master will never come back.
   */
  static Optional<Peer> successor(Situation situation, Missing lost) {
    boolean forGood = lost.pod().isEmpty() || lost.pod().get().seen().isPresent();
    return situation.peers().stream()
        .filter(peer -> !peer.isMaster() && lost.master().equals(peer.self().master()))
        .filter(peer -> !peer.pod().terminating())
        .filter(peer -> forGood || wasLinked(peer))
        .max(
            Comparator.<Peer>comparingLong(peer -> peer.snapshot().replication().offset())
                .thenComparingInt(peer -> -peer.pod().ordinal()));
  }

  private static boolean wasLinked(Peer replica) {
    return replica.snapshot().replication().linkUp()
        || replica.snapshot().replication().linkDownSeconds() >= 0;
  }
}
