package io.slotkeeper.simulation;

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
