package io.slotkeeper.simulation;

import io.slotkeeper.redis.NodeId;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The guard of start.sh: a master that lost its data is not reachable before a replica has taken
 * over, for its replicas would copy that.
 */
final class StartScript {
  private static final int POLL = 1000;

  private final Server server;
  private final long patience;

  StartScript(Server server) {
    this.server = server;
    patience = server.world.now + 3 * server.nodeTimeout + 10_000;
  }

  static boolean holdsBack(Server server) {
    return server.self.master
        && !server.self.slots.isEmpty()
        && server.volume.data.isEmpty()
        && !server.world.scenario.durable()
        && server.table.values().stream().anyMatch(line -> server.id.equals(line.replicaOf));
  }

  /** mend.sh: nodes.conf is made again, as a living server knows this one. */
  static boolean mends(World world, Pod pod) {
    Volume volume = Objects.requireNonNull(pod.volume);
    NodeId id = Objects.requireNonNull(volume.id);
    for (Server peer : world.servers()) {
      Line mine = peer.line(id);
      boolean asked =
          peer.serving()
              && peer.pod.owner == pod.owner
              && world.nodes.linked(peer.pod, pod)
              && world.linked(peer.pod.name, pod.name);
      if (mine == null || !asked) {
        continue;
      }
      Line self = mine.persisted(world.now);
      if (self.master && self.slots.isEmpty() && !volume.data.isEmpty()) {
        Line master = masterOfShard(world, pod);
        if (master == null) {
          continue;
        }
        self.becomeReplica(master.id);
      }
      boolean doubtful = peer.id.equals(self.replicaOf) && peer != volume.followed;
      if (doubtful && !volume.data.isEmpty()) {
        continue;
      }
      volume.nodes = new ArrayList<>();
      for (Line line : peer.table.values()) {
        if (!line.handshake && line.ip != null && !line.id.equals(id)) {
          volume.nodes.add(line.persisted(world.now));
        }
      }
      volume.nodes.add(self);
      volume.currentEpoch = peer.currentEpoch;
      volume.lastVoteEpoch = peer.currentEpoch;
      volume.corrupt = false;
      world.trace.add(
          world.now, () -> pod.name + " makes nodes.conf again, as " + peer + " has it");
      return true;
    }
    return false;
  }

  private static @Nullable Line masterOfShard(World world, Pod pod) {
    for (Server peer : world.servers()) {
      boolean there = peer.serving() && peer.pod.owner == pod.owner && peer.pod.shard == pod.shard;
      if (there && peer.self.votes()) {
        return peer.self;
      }
    }
    return null;
  }

  void ask(Runnable start) {
    if (server.phase != Server.Phase.GUARDED) {
      return;
    }
    String verdict = verdict();
    boolean go = verdict.equals("moved") || (verdict.isEmpty() && server.world.now >= patience);
    if (go) {
      server.world.trace.add(
          server.world.now, () -> "server " + server + " is let go: '" + verdict + "'");
      start.run();
    } else {
      server.world.after(POLL, () -> ask(start));
    }
  }

  private String verdict() {
    for (Line line : server.table.values()) {
      Server peer = line == server.self || line.ip == null ? null : server.world.listening(line.ip);
      if (peer == null
          || !server.world.linked(server, peer)
          || !server.world.trusts(peer, server)) {
        continue;
      }
      Line mine = peer.line(server.id);
      if (mine == null) {
        continue;
      }
      Line owner = peer.ownerOf(server.self.slots.ranges().getFirst().first());
      if (owner != null && owner != mine) {
        return "moved";
      }
      boolean living =
          peer.table.values().stream()
              .anyMatch(other ->
                  server.id.equals(other.replicaOf) && !other.failing() && !other.noAddress);
      if (living) {
        return "waiting";
      }
    }
    return "";
  }
}
