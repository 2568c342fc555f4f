package io.slotkeeper.simulation;

import java.util.List;

/**
 * What a master had acknowledged and not written to its AOF when it was killed ("appendfsync
 * everysec" on a busy disk), and how its start script waits for a replica that has it.
 */
final class UnwrittenWrites {
  /** How much later than the answer a server writes, at most (aof.c:flushAppendOnlyFile). */
  private static final int LATENESS = 2000;

  private static final int SECOND = 1000;
  private static final int POLL = 200;

  private final Server server;
  private final Runnable start;
  private final long patience;
  private boolean doubtful;

  UnwrittenWrites(Server server, Runnable start) {
    this.server = server;
    this.start = start;
    patience = server.world.now + 2 * server.nodeTimeout + 20 * SECOND;
  }

  /** The server, which has ended, was killed. */
  static void lose(Server server) {
    World world = server.world;
    Volume volume = server.volume;
    volume.writtenAt = world.now;
    Chance chance = new Chance(world.scenario.seed() ^ world.now << 20 ^ server.id.hashCode());
    if (!server.self.master || !world.scenario.hasBusyDisks() || chance.oneIn(2)) {
      return;
    }
    long written = world.now - chance.between(0, LATENESS);
    volume.writtenAt = written;
    for (int slot : world.ledger.slots()) {
      int version = volume.version(slot);
      int before = world.ledger.versions(slot).written(version, written);
      if (before < version && before > 0 && server.self.slots.contains(slot)) {
        world.trace.add(
            world.now,
            () ->
                "slot %d: %s has not written %d, but %d".formatted(slot, server, version, before));
        volume.put(slot, before);
      }
    }
    world.ledger.destroyed("what " + server + " had not written");
  }

  static boolean holdsBack(Server server) {
    return server.self.votes()
        && server.world.scenario.durable()
        && server.volume.writtenAt > 0
        && server.table.values().stream().anyMatch(line -> mayFollow(line, server));
  }

  /** A line from the gossip of others does not say whose replica it is. */
  private static boolean mayFollow(Line line, Server master) {
    return !line.master && (line.replicaOf == null || line.replicaOf.equals(master.id));
  }

  void ask() {
    if (server.phase != ServerProcess.Phase.GUARDED) {
      return;
    }
    List<Server> replicas =
        server.table.values().stream()
            .filter(line -> mayFollow(line, server) && line.ip != null)
            .map(line -> server.world.listening(line.ip))
            .filter(peer -> peer != null && peer.serving() && peer.line(server.id) != null)
            .filter(peer -> server.world.linked(server, peer) && server.world.trusts(peer, server))
            .toList();
    boolean moved = replicas.stream().anyMatch(peer -> StartScript.isReplaced(server, peer));
    boolean waiting = replicas.stream().anyMatch(this::wasLinked);
    boolean late = server.world.now >= patience;
    if (moved || late || (!waiting && doubtful)) {
      server.world.trace.add(
          server.world.now, () -> "server " + server + " is let go" + (moved ? ": moved" : ""));
      if (!moved) {
        server.world.ledger.unwritten(server);
      }
      start.run();
      return;
    }
    doubtful |= !waiting;
    server.world.after(POLL, this::ask);
  }

  /** Its link did not break before the last write to the AOF. */
  private boolean wasLinked(Server replica) {
    long broken = server.world.now - replica.replication.silentFor();
    return server.id.equals(replica.self.replicaOf) && broken - server.volume.writtenAt >= -SECOND;
  }
}
