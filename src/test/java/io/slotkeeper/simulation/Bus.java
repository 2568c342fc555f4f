package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What servers tell each other over the cluster bus (cluster_legacy.c: clusterCron,
 * clusterProcessPacket). A packet and its answer are one step; connections cost nothing.
 */
final class Bus {
  private static final int FAIL_UNDO_TIMEOUTS = 2;
  private static final int REPORT_TIMEOUTS = 2;
  private static final int MIN_HANDSHAKE = 1000;
  private static final int GOSSIP = 3;

  /** How often a link to a dead server is there, for it is just being tried again. */
  private static final int TRYING = 4;

  /** An address does not get to another pod in less. */
  private static final int ADDRESS_MOVES = 500;

  private final Server me;
  private long randomPingAt;

  Bus(Server me) {
    this.me = me;
  }

  void cron() {
    long now = me.world.now;
    Line chosen = randomPing(now);
    for (Line line : List.copyOf(me.table.values())) {
      if (line == me.self) {
        continue;
      }
      if (line.handshake && now - line.createdAt > Math.max(me.nodeTimeout, MIN_HANDSHAKE)) {
        me.table.remove(line.id);
        continue;
      }
      if (line.ip != null) {
        contact(line, line == chosen, now);
      }
      if (!line.handshake
          && line.ip != null
          && line.silentSince != Line.NEVER
          && now - line.silentSince > me.nodeTimeout) {
        line.pfail = !line.fail;
        considerFailure(line);
      }
    }
  }

  /** Once a second the node that was silent for longest, out of a few. */
  private @Nullable Line randomPing(long now) {
    if (now < randomPingAt) {
      return null;
    }
    randomPingAt = now + 1000;
    List<Line> lines = List.copyOf(me.table.values());
    Line oldest = null;
    for (int i = 0; i < 5; i++) {
      Line line = me.world.chance.of(lines);
      if (line != me.self && (oldest == null || line.pongAt < oldest.pongAt)) {
        oldest = line;
      }
    }
    return oldest;
  }

  private void contact(Line line, boolean chosen, long now) {
    String ip = Objects.requireNonNull(line.ip);
    Server peer = me.world.listening(ip);
    if (line.link != null && line.link != peer) {
      line.link = null; // the process at the other end is gone
    }
    boolean due =
        line.link == null || line.handshake || chosen || now - line.pongAt > me.nodeTimeout / 2;
    if (!due) {
      return;
    }
    if (peer == me) {
      lost(line); // called at my own address: it has been another's
      return;
    }
    if (peer == null || !me.world.linked(me, peer)) {
      line.link = null;
      if (line.silentSince == Line.NEVER) {
        line.silentSince = now;
      }
      return;
    }
    if (line.handshake && now - line.createdAt > ADDRESS_MOVES && me.world.isForeign(me, peer)) {
      return; // it was met at the right time, and moved since: what the NetworkPolicy is for
    }
    boolean meet = line.meet;
    line.meet = false;
    line.link = peer;
    peer.bus.hear(me, meet, true);
    answered(line, peer, now);
  }

  /** A PONG. */
  private void answered(Line line, Server peer, long now) {
    if (line.handshake) {
      me.table.remove(line.id);
      Line known = me.line(peer.id);
      if (known != null) {
        moved(known, peer.ip);
      } else {
        Line named = me.learn(peer.id, peer.ip);
        named.master = peer.self.master;
        named.link = peer;
      }
      return; // it was unknown when the packet came: its slots are not taken from it
    }
    if (!line.id.equals(peer.id)) {
      lost(line);
      if (me.world.scenario.failsMoved() && me.self.votes() && !line.fail) {
        tellFailed(line);
      }
      return;
    }
    line.pongAt = now;
    line.silentSince = Line.NEVER;
    line.pfail = false;
    if (line.fail
        && (line.slots.isEmpty() || now - line.failedAt > FAIL_UNDO_TIMEOUTS * me.nodeTimeout)) {
      line.fail = false;
    }
    hear(peer, false, false);
  }

  /** Another one answers at its address. */
  private static void lost(Line line) {
    line.noAddress = true;
    line.ip = null;
    line.link = null;
  }

  /** A packet with the sender's header and some gossip. */
  void hear(Server from, boolean meet, boolean ping) {
    Line sender = me.line(from.id);
    if (sender == null) {
      if (meet) {
        shakeHands(from.ip, false);
        gossip(from, null);
      }
      return;
    }
    me.currentEpoch = Math.max(me.currentEpoch, Math.max(from.currentEpoch, from.self.epoch));
    sender.epoch = Math.max(sender.epoch, from.news.speaksFor().epoch);
    sender.offset = from.replication.offset;
    if (ping && !meet) {
      moved(sender, from.ip);
    }
    role(sender, from);
    me.news.hear(sender, from);
    settleCollision(sender);
    gossip(from, sender);
    if (me.world.scenario.spreadsForget()) {
      from.banned.forEach((id, until) -> forgotten(id, until));
    }
  }

  void shakeHands(String ip, boolean meet) {
    boolean underWay =
        me.table.values().stream().anyMatch(line -> line.handshake && ip.equals(line.ip));
    if (!underWay) {
      Line line = new Line(me.world.chance.id(), ip, me.world.now);
      line.handshake = true;
      line.meet = meet;
      me.table.put(line.id, line);
    }
  }

  private void moved(Line line, String ip) {
    if (ip.equals(line.ip)) {
      return;
    }
    line.ip = ip;
    line.noAddress = false;
    line.link = null;
    if (line.id.equals(me.self.replicaOf)) {
      me.replication.redirect();
    }
  }

  private void role(Line sender, Server from) {
    if (from.self.master) {
      if (!sender.master) {
        sender.becomeMaster();
      }
    } else {
      if (sender.master) {
        me.news.released(sender.slots);
        sender.becomeReplica(null);
      }
      NodeId master = from.self.replicaOf;
      if (master != null && me.table.containsKey(master)) {
        sender.replicaOf = master;
      }
    }
  }

  private void settleCollision(Line sender) {
    if (sender.master
        && me.self.master
        && sender.epoch == me.self.epoch
        && sender.id.compareTo(me.id) > 0) {
      me.currentEpoch++;
      me.self.epoch = me.currentEpoch;
    }
  }

  /** The gossip section: what the sender thinks of a few others, and of all that seem to fail. */
  private void gossip(Server from, @Nullable Line sender) {
    List<Line> lines = List.copyOf(from.table.values());
    for (Line line : lines) {
      if (line.pfail) {
        about(line, sender);
      }
    }
    for (int i = 0; i < Math.max(GOSSIP, lines.size() / 10); i++) {
      Line line = me.world.chance.of(lines);
      boolean told =
          line != from.self
              && !line.pfail
              && !line.handshake
              && line.ip != null
              && (line.link != null || !line.slots.isEmpty() || me.world.chance.oneIn(TRYING));
      if (told) {
        about(line, sender);
      }
    }
  }

  private void about(Line told, @Nullable Line sender) {
    Line line = me.line(told.id);
    if (line == me.self) {
      return;
    }
    if (line == null) {
      if (told.ip != null && !told.handshake && !me.banned.containsKey(told.id)) {
        Line learnt = me.learn(told.id, told.ip);
        learnt.master = told.master;
        learnt.pfail = told.pfail;
        learnt.fail = told.fail;
        learnt.failedAt = me.world.now;
      }
      return;
    }
    if (sender != null && sender.votes()) {
      if (told.failing()) {
        line.reports.put(sender.id, me.world.now);
        considerFailure(line);
      } else {
        line.reports.remove(sender.id);
      }
    }
    if (line.failing() && !told.failing() && told.ip != null && !told.ip.equals(line.ip)) {
      moved(line, told.ip);
    }
  }

  private void forgotten(NodeId id, long until) {
    Line line = me.line(id);
    if (line != null && line != me.self && !id.equals(me.self.replicaOf)) {
      me.banned.put(id, until);
      me.drop(id);
    }
  }

  /** markNodeAsFailingIfNeeded. */
  private void considerFailure(Line line) {
    long now = me.world.now;
    if (!line.pfail || line.fail) {
      return;
    }
    line.reports.values().removeIf(at -> now - at > REPORT_TIMEOUTS * me.nodeTimeout);
    int failures = line.reports.size() + (me.self.master ? 1 : 0);
    if (failures < me.majority()) {
      return;
    }
    if (me.self.master) {
      tellFailed(line);
    } else {
      fail(line);
    }
  }

  private void tellFailed(Line line) {
    fail(line);
    for (Server peer : me.world.reachableFrom(me)) {
      Line there = peer.line(line.id);
      if (there != null && there != peer.self && peer.line(me.id) != null && !there.fail) {
        peer.bus.fail(there);
      }
    }
  }

  private void fail(Line line) {
    line.pfail = false;
    line.fail = true;
    line.failedAt = me.world.now;
  }

  /** A PONG to all others. */
  void broadcast() {
    for (Server peer : me.world.reachableFrom(me)) {
      peer.bus.hear(me, false, false);
    }
  }
}
