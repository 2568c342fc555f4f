package io.slotkeeper.plan;

import io.slotkeeper.observe.Host;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView.Container;
import io.slotkeeper.observe.Sight;
import io.slotkeeper.plan.Failovers.Missing;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.List;
import java.util.Set;

/**
 * Whether a master whose pod is gone, or was replaced, may still run. Pods can be deleted by force
 * while their servers go on, on a machine that is cut off. With the majority of votes on this side
 * that does no harm, for such a server stops serving after the node timeout. Without, it may be the
 * one that serves. What decides is the machine it was on, and no other: the planner goes by what
 * the API server says of that, and the guard asks for a heartbeat as well.
 */
final class Survival {

  private Survival() {}

  static boolean mayStillRun(Situation situation, Missing lost) {
    List<Host> doubtful =
        machines(situation, lost).stream()
            .filter(host -> !host.off() && !host.isSettled(situation.view().at()))
            .toList();
    if (doubtful.stream().allMatch(Host::ready)) {
      // It may have served there, with the majority on its side, until now: what it took is on its
      // volume, and about to start.
      return !doubtful.isEmpty()
          && Failovers.hasVolume(situation, lost)
          && !Failovers.isGoneForGood(situation, lost);
    }
    return !isSeenDead(situation, lost) || !isOnly(situation, lost, doubtful);
  }

  /** Those it may have run on; all of them where that is not remembered. */
  private static List<Host> machines(Situation situation, Missing lost) {
    Set<String> known = hosts(situation, lost);
    return situation.view().hosts().stream()
        .filter(host -> known.isEmpty() || known.contains(host.name()))
        .toList();
  }

  static Set<String> hosts(Situation situation, Missing lost) {
    return situation.view().memory().hostsOf(lost.master());
  }

  /** Its pod says so itself, on a machine that is heard of. */
  private static boolean isSeenDead(Situation situation, Missing lost) {
    return lost.pod()
        .filter(member -> !situation.view().isCut(member.pod().node()))
        .filter(member -> isRefusing(member) || member.pod().container() == Container.TERMINATED)
        .isPresent();
  }

  /** Its pod is where it ran: it was not placed anew, and left a server elsewhere. */
  private static boolean isOnly(Situation situation, Missing lost, List<Host> doubtful) {
    Set<String> known = hosts(situation, lost);
    return known.isEmpty()
        || lost.pod()
            .filter(member ->
                doubtful.stream().allMatch(host -> host.name().equals(member.pod().node())))
            .isPresent();
  }

  /** A container that has not started has no server: that says nothing of the one before. */
  private static boolean isRefusing(Member member) {
    return member.sight() instanceof Sight.Unseen unseen
        && unseen.kind() == Kind.REFUSED
        && member.pod().container() != Container.WAITING;
  }
}
