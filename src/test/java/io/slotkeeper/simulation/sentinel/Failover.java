package io.slotkeeper.simulation.sentinel;

import io.slotkeeper.simulation.sentinel.Instance.Reconfiguration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One Sentinel replaces the primary (sentinelFailoverStateMachine). */
final class Failover {
  private enum State {
    NONE,
    WAIT_START,
    SELECT,
    PROMOTE,
    WAIT_PROMOTION,
    RECONFIGURE,
    SWITCH
  }

  private static final int ELECTION = 10_000;
  private static final int DESYNC = 1000;
  private static final int RECONFIGURATION = 10_000;

  private final Group group;
  private final ModelSentinel me;
  private final Network net;
  private State state = State.NONE;
  private long epoch;
  private long startedAt = Long.MIN_VALUE / 2;
  private long changedAt;
  private @Nullable Instance promoted;

  Failover(Group group, ModelSentinel me) {
    this.group = group;
    this.me = me;
    net = me.net;
  }

  boolean isUnderWay() {
    return state != State.NONE;
  }

  /** The one that is known to lead already, where the others are still to follow it. */
  @Nullable Instance successor() {
    return state == State.RECONFIGURE || state == State.SWITCH ? promoted : null;
  }

  /** Whether it wants to lead, and asks the others for their votes. */
  boolean isCandidate() {
    return isUnderWay();
  }

  /** It has voted for another, which gets the time that it needs. */
  void standBack() {
    startedAt = net.now() + net.chance().between(0, DESYNC);
  }

  /** sentinelStartFailoverIfNeeded */
  boolean startIfNeeded() {
    if (!group.isObjectivelyDown()
        || isUnderWay()
        || net.now() - startedAt < 2 * group.failoverTimeout()) {
      return false;
    }
    epoch = ++me.currentEpoch;
    startedAt = net.now() + net.chance().between(0, DESYNC);
    become(State.WAIT_START);
    net.trace(() -> me + " +try-failover in epoch " + epoch);
    return true;
  }

  private void become(State next) {
    state = next;
    changedAt = net.now();
  }

  private void abort(String why) {
    net.trace(() -> me + " -failover-abort-" + why);
    if (promoted != null) {
      promoted.promoted = false;
      promoted = null;
    }
    become(State.NONE);
  }

  void step() {
    switch (state) {
      case NONE, SWITCH -> {}
      case WAIT_START -> awaitElection();
      case SELECT -> choose();
      case PROMOTE -> promote();
      case WAIT_PROMOTION -> {
        if (net.now() - changedAt > group.failoverTimeout()) {
          abort("slave-timeout");
        }
      }
      case RECONFIGURE -> reconfigure();
    }
  }

  private void awaitElection() {
    if (me.id.equals(group.votes.leader(epoch))) {
      net.trace(() -> me + " +elected-leader in epoch " + epoch);
      become(State.SELECT);
    } else if (net.now() - startedAt > Math.min(ELECTION, group.failoverTimeout())) {
      abort("not-elected");
    }
  }

  private void choose() {
    Instance chosen = select();
    if (chosen == null) {
      abort("no-good-slave");
      return;
    }
    chosen.promoted = true;
    promoted = chosen;
    net.trace(() -> me + " +selected-slave " + chosen.ip);
    become(State.PROMOTE);
  }

  /** sentinelSelectSlave; all have the same priority. */
  private @Nullable Instance select() {
    long now = net.now();
    Instance primary = group.primary;
    long longest = 10 * group.downAfter() + (primary.down ? now - primary.downAt : 0);
    long fresh = primary.down ? 5L * Instance.PING : 3L * Instance.INFO;
    return group.replicas().stream()
        .filter(replica -> !replica.down && replica.connect() != null)
        .filter(replica -> now - replica.availableAt <= 5L * Instance.PING)
        .filter(replica -> replica.infoAt != 0 && now - replica.infoAt <= fresh)
        .filter(replica -> replica.linkDownMillis <= longest)
        .min(
            Comparator.<Instance>comparingLong(replica -> -replica.offset)
                .thenComparing(replica -> replica.runId))
        .orElse(null);
  }

  private void promote() {
    WatchedServer server = Objects.requireNonNull(promoted).connect();
    if (server != null) {
      become(State.WAIT_PROMOTION);
      server.lead();
    } else if (net.now() - changedAt > group.failoverTimeout()) {
      abort("slave-timeout");
    }
  }

  /** A replica says that it is a primary: the one that was promoted? */
  boolean isPromotionOf(Instance replica) {
    return replica.promoted && state == State.WAIT_PROMOTION;
  }

  void promoted() {
    group.configEpoch = epoch;
    become(State.RECONFIGURE);
    net.trace(() -> me + " +promoted-slave " + Objects.requireNonNull(promoted).ip);
    net.elected(Objects.requireNonNull(promoted).ip);
    group.publishSoon();
  }

  /** INFO of a replica that has to follow the new one. */
  void informed(Instance replica) {
    Instance next = promoted;
    if (next == null) {
      return;
    }
    if (replica.reconfiguration == Reconfiguration.SENT && next.ip.equals(replica.follows)) {
      replica.reconfiguration = Reconfiguration.IN_PROGRESS;
    }
    if (replica.reconfiguration == Reconfiguration.IN_PROGRESS && replica.linkUp) {
      replica.reconfiguration = Reconfiguration.DONE;
    }
  }

  /** sentinelFailoverReconfNextSlave, sentinelFailoverDetectEnd */
  private void reconfigure() {
    Instance next = Objects.requireNonNull(promoted);
    List<Instance> others = group.replicas().stream().filter(other -> other != next).toList();
    long busy = others.stream().filter(Failover::isBusy).count();
    for (Instance other : others) {
      if (other.reconfiguration == Reconfiguration.SENT
          && net.now() - other.reconfiguredAt > RECONFIGURATION) {
        other.reconfiguration = Reconfiguration.NONE;
      }
      if (busy < group.parallelSyncs() && other.reconfiguration == Reconfiguration.NONE) {
        busy += direct(other, next);
      }
    }
    boolean overdue = net.now() - changedAt > group.failoverTimeout();
    boolean done =
        others.stream()
            .allMatch(other -> other.reconfiguration == Reconfiguration.DONE || other.down);
    if (next.down || !(done || overdue)) {
      return;
    }
    if (overdue) {
      others.stream()
          .filter(other -> other.reconfiguration == Reconfiguration.NONE)
          .forEach(other -> direct(other, next));
    }
    become(State.SWITCH);
  }

  private static boolean isBusy(Instance replica) {
    return replica.reconfiguration == Reconfiguration.SENT
        || replica.reconfiguration == Reconfiguration.IN_PROGRESS;
  }

  private int direct(Instance replica, Instance next) {
    WatchedServer server = replica.connect();
    if (server == null) {
      return 0;
    }
    replica.reconfiguration = Reconfiguration.SENT;
    replica.reconfiguredAt = net.now();
    server.follow(next.ip);
    return 1;
  }

  /** The address of the new primary, once all is done. */
  @Nullable String finished() {
    return state == State.SWITCH ? Objects.requireNonNull(promoted).ip : null;
  }
}
