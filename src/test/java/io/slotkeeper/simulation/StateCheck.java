package io.slotkeeper.simulation;

/** Whether a server serves: cluster_state (cluster_legacy.c: clusterUpdateState). */
final class StateCheck {
  private static final int WRITABLE_DELAY = 2000;
  private static final int MIN_REJOIN = 500;
  private static final int MAX_REJOIN = 5000;

  private final Server me;
  private boolean ok;
  private long firstLookAt = -1;
  private long minorityAt = -1_000_000;

  StateCheck(Server me) {
    this.me = me;
  }

  boolean ok() {
    return ok;
  }

  void update() {
    long now = me.world.now;
    if (firstLookAt < 0) {
      firstLookAt = now;
    }
    if (me.self.master && !ok && now - firstLookAt < WRITABLE_DELAY) {
      return;
    }
    int reachable = 0;
    for (Line line : me.table.values()) {
      if (line.votes() && !line.failing()) {
        reachable++;
      }
    }
    if (reachable < me.majority()) {
      minorityAt = now;
      ok = false;
      return;
    }
    if (!ok
        && me.self.master
        && now - minorityAt < Math.clamp(me.nodeTimeout, MIN_REJOIN, MAX_REJOIN)) {
      return;
    }
    ok = true;
  }
}
