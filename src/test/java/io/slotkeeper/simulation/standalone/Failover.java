package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.RedisErrorException;
import org.jspecify.annotations.Nullable;

/**
 * {@code FAILOVER TO}: takes no more writes, waits until the replica has all, becomes its replica,
 * and demands that it leads.
 */
final class Failover {
  private enum State {
    NONE,
    /** waiting-for-sync */
    WAITING,
    /** failover-in-progress: from here on there is no end but success or a refusal. */
    IN_PROGRESS
  }

  /** A replica says that often how far it is, unless it is asked. */
  private static final int LOOK = 1000;

  /** replicationCron while a FAILOVER is under way. */
  private static final int CRON = 100;

  private final Server me;
  private State state = State.NONE;
  private @Nullable String target;
  private long until;
  private long lookAt;
  private boolean forced;

  Failover(Server me) {
    this.me = me;
  }

  boolean isUnderWay() {
    return state != State.NONE;
  }

  void begin(String host, int port, long longest) {
    if (isUnderWay()) {
      throw new RedisErrorException("ERR FAILOVER already in progress.");
    }
    if (!me.isMaster()) {
      throw new RedisErrorException("ERR FAILOVER is not valid when server is a replica.");
    }
    if (me.replication.online().isEmpty()) {
      throw new RedisErrorException("ERR FAILOVER requires connected replicas.");
    }
    if (port != Replication.PORT || online(host) == null) {
      throw new RedisErrorException("ERR FAILOVER target HOST and PORT is not a replica.");
    }
    state = State.WAITING;
    target = host;
    until = me.world.now + longest;
    lookAt = me.world.now + me.world.chance.between(1, LOOK);
  }

  /** FORCE with the shortest time: it does not wait for the replica's word. */
  void force(String host) {
    begin(host, Replication.PORT, 1);
    forced = true;
    lookAt = me.world.now + me.world.chance.between(1, CRON);
  }

  private @Nullable Server online(@Nullable String host) {
    return me.replication.online().stream()
        .filter(replica -> replica.ip.equals(host))
        .findFirst()
        .orElse(null);
  }

  void cron() {
    if (state != State.WAITING || me.world.now < lookAt) {
      return;
    }
    lookAt = me.world.now + LOOK;
    Server replica = online(target);
    boolean all = replica != null && replica.replication.acknowledged == me.replication.offset;
    if (replica != null && (all || forced)) {
      String host = replica.ip;
      me.world.trace.add(me.world.now, () -> me + " hands over to " + replica);
      state = State.IN_PROGRESS;
      me.replication.follow(host, Replication.PORT);
    } else if (me.world.now >= until) {
      me.world.trace.add(me.world.now, () -> me + " gives up handing over");
      end();
    }
  }

  /** {@code FAILOVER ABORT}: it is a master again. */
  void abort() {
    if (!isUnderWay()) {
      throw new RedisErrorException("ERR No failover in progress.");
    }
    boolean demoted = state == State.IN_PROGRESS;
    end();
    if (demoted) {
      me.replication.lead();
      me.world.ledger.takenBack(me);
    }
  }

  private void end() {
    state = State.NONE;
    target = null;
    forced = false;
  }

  /**
   * Connects to the replica as its replica (PSYNC … FAILOVER).
   *
   * @return whether that is what it does
   */
  boolean demands(Server peer) {
    if (state != State.IN_PROGRESS) {
      return false;
    }
    boolean same = peer.replication.id.equals(me.replication.id);
    if (same && !peer.isMaster() && !peer.failover.isUnderWay()) {
      me.world.ledger.handedOver(me, peer);
      peer.replication.lead();
      end();
      me.replication.synchronize(peer);
    } else {
      me.world.trace.add(me.world.now, () -> peer + " refuses to lead");
      end();
      me.replication.lead();
      me.world.ledger.takenBack(me);
    }
    return true;
  }
}
