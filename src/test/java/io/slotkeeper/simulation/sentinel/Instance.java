package io.slotkeeper.simulation.sentinel;

import org.jspecify.annotations.Nullable;

/** The primary or a replica, as one Sentinel sees it. */
final class Instance {
  static final int INFO = 10_000;
  private static final int INFO_FAST = 1000;
  static final int PING = 1000;

  /** How far a replica is with being made to follow the new primary. */
  enum Reconfiguration {
    NONE,
    SENT,
    IN_PROGRESS,
    DONE
  }

  final Network net;
  final ModelSentinel me;
  final String ip;

  /** It is the one that is monitored, not a replica. */
  final boolean monitored;

  /** S_DOWN, and since when it was last found so; 0 for never. */
  boolean down;

  long downAt;
  long availableAt;
  long infoAt;

  /** What its last INFO said. */
  boolean saysMaster;

  long roleAt;
  @Nullable String follows;
  long followsAt;
  boolean linkUp;
  long linkDownMillis;
  long offset;
  String runId = "";

  boolean promoted;
  Reconfiguration reconfiguration = Reconfiguration.NONE;
  long reconfiguredAt;

  private long pingAt;

  /** Since when a PING is not answered; 0 for none. */
  private long waitsSince;

  private long publishedAt;

  Instance(ModelSentinel me, String ip, boolean monitored) {
    this.me = me;
    net = me.net;
    this.ip = ip;
    this.monitored = monitored;
    saysMaster = monitored;
    availableAt = net.now();
    roleAt = net.now();
    followsAt = net.now();
  }

  @Nullable WatchedServer connect() {
    return net.server(ip);
  }

  /** sentinelSendPeriodicCommands, and what comes back. */
  void talk(Group group) {
    WatchedServer server = connect();
    long now = net.now();
    if (server != null && waitsSince != 0) {
      answered();
    }
    if (now - pingAt >= Math.min(PING, group.downAfter())) {
      pingAt = now;
      if (server != null) {
        answered();
      } else if (waitsSince == 0) {
        waitsSince = now;
      }
    }
    if (server == null) {
      return;
    }
    if (infoAt == 0 || now - infoAt > infoPeriod(group)) {
      ServerInfo info = server.info();
      infoAt = now;
      group.informed(this, info);
    }
    if (now - publishedAt > ModelSentinel.PUBLISH) {
      publishedAt = now;
      group.publish(ip);
    }
  }

  private void answered() {
    availableAt = net.now();
    waitsSince = 0;
  }

  private int infoPeriod(Group group) {
    boolean urgent =
        group.isObjectivelyDown() || group.failover.isUnderWay() || linkDownMillis != 0;
    return !monitored && urgent ? INFO_FAST : INFO;
  }

  /** It gets the configuration at the next tick. */
  void publishSoon() {
    publishedAt = 0;
  }

  /** sentinelCheckSubjectivelyDown */
  void judge(long downAfter) {
    long now = net.now();
    long silent = waitsSince != 0 ? now - waitsSince : connect() == null ? now - availableAt : 0;
    boolean demoted = monitored && !saysMaster && now - roleAt > downAfter + 2 * INFO;
    if (silent > downAfter || demoted) {
      if (!down) {
        down = true;
        downAt = now;
        net.trace(() -> me + " +sdown " + ip + (demoted ? ", a replica" : ""));
      }
    } else if (down) {
      down = false;
      net.trace(() -> me + " -sdown " + ip);
    }
  }

  /** sentinelRedisInstanceNoDownFor */
  boolean isUpFor(long millis) {
    return downAt == 0 || net.now() - downAt > millis;
  }

  /** sentinelMasterLooksSane, but for ODOWN, which there is not without {@link #down}. */
  boolean looksSane() {
    return saysMaster && !down && net.now() - infoAt < 2 * INFO;
  }

  @Override
  public String toString() {
    return ip + (down ? " (down)" : "");
  }
}
