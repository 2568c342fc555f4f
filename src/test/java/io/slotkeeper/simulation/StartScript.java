package io.slotkeeper.simulation;

import io.slotkeeper.redis.cluster.NodeId;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The guards of start.sh: a master that lost its data is not reachable before a replica has taken
 * over, for its replicas would copy that; nor is a new server while replicas of another follow its
 * address.
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
    return isEmptyOwner(server) ? mayHaveReplica(server) : isFollowed(server);
  }

  private static boolean isEmptyOwner(Server server) {
    return server.self.votes() && server.volume.data.isEmpty() && !server.world.scenario.durable();
  }

  private static boolean mayHaveReplica(Server server) {
    return server.table.values().stream().anyMatch(line -> server.id.equals(line.replicaOf))
        || server.world.servers().stream()
            .filter(mate -> mate != server && isMate(mate.pod, server.pod))
            .anyMatch(mate ->
                !server.world.linked(server, mate) || server.id.equals(mate.self.replicaOf));
  }

  private static boolean isMate(Pod one, Pod other) {
    return one.owner == other.owner && one.shard == other.shard;
  }

  /** A replica with data follows this address, and would copy a server that has nothing. */
  private static boolean isFollowed(Server server) {
    return server.volume.data.isEmpty()
        && !server.self.votes()
        && server.world.servers().stream()
            .filter(peer -> peer != server && peer.serving() && peer.pod.owner == server.pod.owner)
            .filter(peer -> server.world.linked(server, peer))
            .anyMatch(peer ->
                !peer.self.master
                    && !server.id.equals(peer.self.replicaOf)
                    && !peer.volume.data.isEmpty()
                    && peer.replication.follows(server.ip));
  }

  /** mend.sh: nodes.conf is made again, as a living server knows this one. */
  static boolean mends(World world, Pod pod) {
    Volume volume = Objects.requireNonNull(Volume.of(pod));
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
      if (isHearsay(self) && !(peer.self.votes() && volume.data.isEmpty())) {
        continue;
      }
      if (self.master && self.slots.isEmpty() && !volume.data.isEmpty()) {
        Line master = masterOfShard(world, pod);
        if (master == null) {
          continue;
        }
        self.becomeReplica(master.id);
      }
      boolean voter = peer.self.votes() && !peer.id.equals(self.replicaOf);
      boolean doubtful =
          !self.master
              && !voter
              && (volume.followed == null
                  || !volume.followed.id.equals(self.replicaOf)
                  || !world.servers().contains(volume.followed));
      if (doubtful && !volume.data.isEmpty()) {
        continue;
      }
      volume.nodes = new ArrayList<>();
      for (Line line : peer.table.values()) {
        boolean kept = line.ip != null || line.id.equals(self.replicaOf);
        if (!line.handshake && kept && !line.id.equals(id)) {
          volume.nodes.add(line.persisted(world.now));
        }
      }
      volume.nodes.add(self);
      volume.migrating = Map.of(); // no other server knows of them
      volume.importing = Map.of();
      volume.currentEpoch = peer.currentEpoch;
      volume.lastVoteEpoch = peer.currentEpoch;
      volume.corrupt = false;
      world.trace.add(
          world.now, () -> pod.name + " makes nodes.conf again, as " + peer + " has it");
      return true;
    }
    return false;
  }

  /** Gossip carries no slots, no master and no epoch. */
  private static boolean isHearsay(Line line) {
    return line.epoch == 0 && line.slots.isEmpty() && line.replicaOf == null;
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
    boolean owner = isEmptyOwner(server);
    String verdict = owner ? verdict() : isFollowed(server) ? "followed" : "moved";
    boolean go =
        verdict.equals("moved") || (!verdict.equals("waiting") && server.world.now >= patience);
    if (go) {
      server.world.trace.add(
          server.world.now, () -> "server " + server + " is let go: '" + verdict + "'");
      start.run();
    } else {
      server.world.after(owner ? POLL : POLL / 5, () -> ask(start));
    }
  }

  /** It says itself that it has nothing. */
  private boolean isEmpty(Line line) {
    Server replica = line.ip == null ? null : server.world.listening(line.ip);
    return replica != null
        && replica.id.equals(line.id)
        && replica.serving()
        && server.world.linked(server, replica)
        && replica.volume.data.isEmpty();
  }

  /** As the peer knows them, all slots of the server have gone to others. */
  static boolean isReplaced(Server server, Server peer) {
    Line mine = Objects.requireNonNull(peer.line(server.id));
    int first = server.self.slots.ranges().getFirst().first();
    int last = server.self.slots.ranges().getLast().last();
    return mine.slots.isEmpty() && peer.ownerOf(first) != null && peer.ownerOf(last) != null;
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
      if (isReplaced(server, peer)) {
        return "moved";
      }
      boolean living =
          peer.table.values().stream()
              .anyMatch(other ->
                  server.id.equals(other.replicaOf)
                      && !other.failing()
                      && !other.noAddress
                      && !isEmpty(other));
      if (living) {
        return "waiting";
      }
    }
    return "";
  }
}
