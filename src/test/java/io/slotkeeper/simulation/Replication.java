package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a replica follows its master: by address, whichever server is there (replication.c). What it
 * has is replaced at the end of a full synchronisation, not before.
 */
final class Replication {
  private static final int NEVER = -1;

  private final Server me;
  String replicationId;
  long offset;

  /** Of the master that it has taken over from, and how much it had of that (replid2). */
  private @Nullable String formerId;

  private long formerOffset;

  /** The server that the replica is connected to. */
  private @Nullable Server source;

  private boolean up;
  private long syncedAt = NEVER;
  private long downSince = NEVER;
  private @Nullable String host;

  Replication(Server me) {
    this.me = me;
    replicationId = me.world.chance.id().value();
  }

  /** The master, or its address, has changed. */
  void redirect() {
    drop();
    host = null;
  }

  void becomeMaster() {
    drop();
    downSince = NEVER;
    formerId = replicationId;
    formerOffset = offset;
    replicationId = me.world.chance.id().value();
  }

  private void drop() {
    source = null;
    if (up) {
      up = false;
      downSince = me.world.now;
    }
  }

  void cron() {
    NodeId master = me.self.replicaOf;
    if (me.self.master || master == null) {
      return;
    }
    Line line = me.line(master);
    if (host == null && line != null && line.ip != null) {
      host = line.ip;
    }
    Server peer = host == null ? null : me.world.listening(host);
    if (peer == null || peer == me || !me.world.linked(me, peer) || !me.world.trusts(peer, me)) {
      if (source != null || up) {
        drop();
      }
      return;
    }
    if (peer != source) {
      drop();
      source = peer;
      // The master forks, and the replica loads what it gets.
      syncedAt = me.world.now + me.world.chance.between(100, 400);
    }
    if (me.world.now < syncedAt) {
      return;
    }
    if (!up && !peer.replication.serves()) {
      return;
    }
    if (!take(peer)) {
      return;
    }
    up = true;
    downSince = NEVER;
    me.volume.followed = peer;
  }

  /** False where it cannot be written down. */
  private boolean take(Server peer) {
    boolean continues = up || peer.replication.continues(this);
    replicationId = peer.replication.replicationId;
    Map<Integer, Integer> next = continues ? me.volume.following(peer.volume) : peer.volume.data;
    if (!up || offset != peer.replication.offset || !me.volume.data.equals(next)) {
      if (me.pod.diskFull) {
        me.world.containers.crash(me.pod); // "Replica was unable to write command to disk."
        return false;
      }
      offset = peer.replication.offset;
      me.world.ledger.wiped(me, peer);
      if (continues) {
        me.volume.become(next);
      } else {
        me.volume.copy(peer.volume);
      }
    }
    return true;
  }

  /** What its master has said until now. */
  void catchUp(Server master) {
    if (up && source == master && me.world.linked(me, master)) {
      take(master);
    }
  }

  /** A replica with this history gets what it lacks of it, and not everything (PSYNC). */
  private boolean continues(Replication replica) {
    return (replica.replicationId.equals(replicationId) && replica.offset <= offset)
        || (replica.replicationId.equals(formerId) && replica.offset <= formerOffset);
  }

  boolean follows(String address) {
    return address.equals(host);
  }

  /** A replica without a master's data refuses to be followed ("NOMASTERLINK"). */
  private boolean serves() {
    return me.self.master || up;
  }

  /** It has what its master has of a slot, and will have it tomorrow. */
  boolean has(Server master, int slot) {
    return up
        && source == master
        && master.id.equals(me.self.replicaOf)
        && me.world.claims.keeps(me.volume)
        && me.volume.version(slot) >= master.volume.version(slot);
  }

  /** Since the server started; without it, there is no way to say how far behind the replica is. */
  boolean wasUp() {
    return up || downSince != NEVER;
  }

  boolean isUp() {
    return up;
  }

  boolean equalTo(@Nullable NodeId master) {
    return up && source != null && source.id.equals(master) && source.replication.offset == offset;
  }

  /** Milliseconds since the master was last heard; for ever if it never was. */
  long silentFor() {
    return up ? 0 : downSince == NEVER ? Long.MAX_VALUE / 2 : me.world.now - downSince;
  }

  void wrote() {
    offset += 100;
  }

  NodeSnapshot.Replication told() {
    boolean replica = !me.self.master;
    return new NodeSnapshot.Replication(
        !replica,
        replica ? Objects.requireNonNullElse(host, "?") : null,
        replica ? 6379 : 0,
        !replica || up,
        replica && !up,
        !replica || up || downSince == NEVER ? -1 : (me.world.now - downSince) / 1000,
        offset,
        replicationId,
        null,
        -1,
        false);
  }
}
