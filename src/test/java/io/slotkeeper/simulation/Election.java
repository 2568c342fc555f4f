package io.slotkeeper.simulation;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.RedisNode.FailoverMode;

/** How a replica becomes a master (cluster_legacy.c: clusterHandleSlaveFailover). */
final class Election {
  private static final int MANUAL_TIMEOUT = 5000;
  private static final int VALIDITY_FACTOR = 10;
  private static final int REPLICA_PING_MILLIS = 10_000;
  private static final int UNPLANNED = -1;

  private final Server me;
  private long startsAt = UNPLANNED;
  private long askedAt = UNPLANNED;
  private long manualUntil;
  private boolean graceful;
  private String evidence = "";

  Election(Server me) {
    this.me = me;
  }

  /** CLUSTER FAILOVER. */
  void request(FailoverMode mode) {
    NodeId master = me.self.replicaOf;
    if (me.self.master) {
      throw new RedisErrorException("ERR You should send CLUSTER FAILOVER to a replica");
    }
    Line line = master == null ? null : me.line(master);
    if (line == null) {
      throw new RedisErrorException("ERR I'm a replica but my master is unknown to me");
    }
    if (mode == FailoverMode.GRACEFUL && (line.fail || line.link == null)) {
      throw new RedisErrorException(
          "ERR Master is down or failed, please use CLUSTER FAILOVER FORCE");
    }
    evidence = mode.name();
    if (mode == FailoverMode.TAKEOVER) {
      me.currentEpoch++;
      me.self.epoch = me.currentEpoch;
      win();
      return;
    }
    graceful = mode == FailoverMode.GRACEFUL;
    manualUntil = me.world.now + MANUAL_TIMEOUT;
  }

  void cron() {
    NodeId id = me.self.replicaOf;
    Line master = id == null ? null : me.line(id);
    boolean manual = me.world.now < manualUntil;
    if (me.self.master
        || master == null
        || master.slots.isEmpty()
        || !(master.fail || manual)
        || (!manual && tooOld())) {
      startsAt = UNPLANNED;
      return;
    }
    if (manual) {
      if (!(graceful && !me.replication.equalTo(id)) && me.world.now >= retryAt()) {
        askedAt = me.world.now;
        run(master, true);
      }
      return;
    }
    if (startsAt == UNPLANNED) {
      startsAt = Math.max(retryAt(), me.world.now + 500 + me.world.chance.between(0, 500) + rank());
    }
    if (me.world.now >= startsAt) {
      startsAt = UNPLANNED;
      askedAt = me.world.now;
      evidence = "";
      run(master, false);
    }
  }

  /** By the node timeout of now: shortening it ends the wait. */
  private long retryAt() {
    return askedAt == UNPLANNED ? 0 : askedAt + Math.max(4 * me.nodeTimeout, 4000);
  }

  private boolean tooOld() {
    long age = me.replication.silentFor() - me.nodeTimeout;
    return age > REPLICA_PING_MILLIS + VALIDITY_FACTOR * me.nodeTimeout;
  }

  private int rank() {
    int rank = 0;
    for (Line line : me.table.values()) {
      if (!line.master
          && me.self.replicaOf != null
          && me.self.replicaOf.equals(line.replicaOf)
          && line.offset > me.replication.offset) {
        rank++;
      }
    }
    return rank * 1000;
  }

  private void run(Line master, boolean manual) {
    me.currentEpoch++;
    long epoch = me.currentEpoch;
    int votes = 0;
    for (Server voter : me.world.reachableFrom(me)) {
      Line line = me.line(voter.id);
      if (line != null && line.votes() && voter.election.votesFor(me, master, epoch, manual)) {
        votes++;
      }
    }
    int got = votes;
    me.world.trace.add(
        me.world.now,
        () -> "%s has %d votes of %d in epoch %d".formatted(me, got, me.majority(), epoch));
    if (votes >= me.majority()) {
      me.self.epoch = epoch;
      win();
    }
  }

  private void win() {
    manualUntil = 0;
    boolean byHand = !evidence.isEmpty();
    me.world.trace.add(me.world.now, () -> me + " becomes master " + evidence);
    me.world.ledger.promoted(me, byHand);
    me.replaceMaster();
  }

  private boolean votesFor(Server candidate, Line master, long epoch, boolean manual) {
    Line line = me.line(candidate.id);
    if (line == null || !me.self.votes()) {
      return false;
    }
    me.currentEpoch = Math.max(me.currentEpoch, epoch);
    Line mine = me.line(master.id);
    if (mine == null || line.master || !mine.id.equals(line.replicaOf) || !(mine.fail || manual)) {
      return false;
    }
    boolean granted =
        epoch >= me.currentEpoch
            && me.lastVoteEpoch != me.currentEpoch
            && me.world.now - mine.votedAt >= 2 * me.nodeTimeout
            && me.table.values().stream()
                .noneMatch(l -> me.news.said(l).intersects(master.slots) && l.epoch > master.epoch);
    if (granted) {
      mine.votedAt = me.world.now;
      me.lastVoteEpoch = me.currentEpoch;
    }
    return granted;
  }
}
