package io.slotkeeper.simulation.sentinel;

import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A primary that a Sentinel monitors, with its replicas, and the Sentinels that share it. */
final class Group {
  private static final int SERVER = 6379;

  final String name;
  final ModelSentinel me;
  final Map<String, String> settings = new LinkedHashMap<>();
  final Votes votes;
  Failover failover;
  Instance primary;
  int quorum;
  long configEpoch;

  private final Network net;
  private final Map<String, Instance> replicas = new LinkedHashMap<>();
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private boolean objectivelyDown;

  Group(ModelSentinel me, String name, String ip, int quorum) {
    this.me = me;
    this.name = name;
    this.quorum = quorum;
    net = me.net;
    settings.put("down-after-milliseconds", "30000");
    settings.put("failover-timeout", "180000");
    settings.put("parallel-syncs", "1");
    settings.put("master-reboot-down-after-period", "0");
    primary = new Instance(me, ip, true);
    failover = new Failover(this, me);
    votes = new Votes(this, me);
  }

  private long number(String setting) {
    return Long.parseLong(settings.getOrDefault(setting, "0"));
  }

  long downAfter() {
    return number("down-after-milliseconds");
  }

  long failoverTimeout() {
    return number("failover-timeout");
  }

  long parallelSyncs() {
    return number("parallel-syncs");
  }

  boolean isObjectivelyDown() {
    return objectivelyDown;
  }

  Collection<Instance> replicas() {
    return replicas.values();
  }

  Collection<Peer> peers() {
    return peers.values();
  }

  /** It has a connection to the server at this address, whether that works or not. */
  boolean watches(String ip) {
    return primary.ip.equals(ip) || replicas.containsKey(ip);
  }

  /** What clients get (sentinelGetCurrentMasterAddress). */
  String address() {
    Instance next = failover.successor();
    return next == null ? primary.ip : next.ip;
  }

  /** sentinelHandleRedisInstance, for the primary and all others. */
  void tick() {
    primary.talk(this);
    primary.judge(downAfter());
    checkObjectively();
    if (failover.startIfNeeded()) {
      votes.ask(true);
    }
    failover.step();
    votes.ask(false);
    for (Instance replica : List.copyOf(replicas.values())) {
      replica.talk(this);
      replica.judge(downAfter());
    }
    String next = failover.finished();
    if (next != null) {
      net.trace(() -> me + " +failover-end");
      switchTo(next);
    }
  }

  private void checkObjectively() {
    long votes = 1 + peers.values().stream().filter(peer -> peer.findsDown).count();
    boolean found = primary.down && votes >= quorum;
    if (found != objectivelyDown) {
      objectivelyDown = found;
      net.trace(() -> me + (found ? " +odown " : " -odown ") + primary.ip);
    }
  }

  /** sentinelRefreshInstanceInfo */
  void informed(Instance from, ServerInfo info) {
    long now = net.now();
    from.runId = info.runId();
    if (from.monitored) {
      for (String ip : info.replicas()) {
        if (!replicas.containsKey(ip)) {
          replicas.put(ip, new Instance(me, ip, false));
          net.trace(() -> me + " +slave " + ip);
        }
      }
    }
    if (!info.isMaster()) {
      if (!String.valueOf(info.masterHost()).equals(from.follows)) {
        from.followsAt = now;
      }
      from.follows = info.masterHost();
      from.linkUp = info.linkUp();
      from.offset = info.offset();
    }
    from.linkDownMillis = info.isMaster() ? 0 : info.linkDownMillis();
    if (info.isMaster() != from.saysMaster) {
      from.saysMaster = info.isMaster();
      from.roleAt = now;
      if (!info.isMaster()) {
        from.followsAt = now;
      }
    }
    if (from.monitored) {
      return;
    }
    if (info.isMaster()) {
      foundMaster(from);
    } else {
      foundReplica(from);
    }
  }

  private void foundMaster(Instance replica) {
    if (failover.isPromotionOf(replica)) {
      failover.promoted();
      return;
    }
    long wait = 4L * ModelSentinel.PUBLISH;
    if (!replica.promoted
        && primary.looksSane()
        && replica.isUpFor(wait)
        && net.now() - replica.roleAt > wait) {
      convert(replica, "+convert-to-slave ");
    }
  }

  private void foundReplica(Instance replica) {
    long wait = failoverTimeout();
    if (!primary.ip.equals(replica.follows)
        && primary.looksSane()
        && replica.isUpFor(wait)
        && net.now() - replica.followsAt > wait) {
      convert(replica, "+fix-slave-config ");
    }
    failover.informed(replica);
  }

  private void convert(Instance replica, String event) {
    WatchedServer server = replica.connect();
    if (server != null) {
      net.trace(() -> me + " " + event + replica.ip + ", the primary is " + primary.ip);
      server.follow(primary.ip);
    }
  }

  /** To all that listen at a server. */
  void publish(String ip) {
    Hello hello = hello();
    long epoch = me.currentEpoch;
    net.after(
        net.chance().between(1, 4),
        () ->
            net.listening(ip).stream()
                .filter(other -> !other.id.equals(me.id))
                .forEach(other -> other.hear(hello, epoch)));
  }

  /** To the other Sentinels directly. */
  void greet() {
    Hello hello = hello();
    long epoch = me.currentEpoch;
    for (Peer peer : List.copyOf(peers.values())) {
      net.after(
          net.chance().between(1, 4),
          () -> {
            ModelSentinel other = peer.port == 0 ? null : net.sentinel(peer.ip);
            if (other != null) {
              other.hear(hello, epoch);
            }
          });
    }
  }

  private Hello hello() {
    return new Hello(
        new Hello.Peer(me.id, me.ip, ModelSentinel.PORT), name, address(), SERVER, configEpoch);
  }

  void publishSoon() {
    primary.publishSoon();
    replicas.values().forEach(Instance::publishSoon);
    greet();
  }

  /** sentinelProcessHelloMessage */
  void hear(Hello hello) {
    Hello.Peer from = hello.from();
    Peer known = peers.get(from.id());
    if (known == null || !known.ip.equals(from.ip()) || known.port != from.port()) {
      boolean removed = peers.remove(from.id()) != null;
      if (!removed) {
        peers.values().stream()
            .filter(other -> other.ip.equals(from.ip()) && other.port == from.port())
            .forEach(other -> other.port = 0);
      }
      peers.put(from.id(), new Peer(from.id(), from.ip(), from.port()));
      net.trace(() -> me + " +sentinel at " + from.ip());
    }
    if (hello.epoch() > configEpoch) {
      configEpoch = hello.epoch();
      if (!primary.ip.equals(hello.ip())) {
        switchTo(hello.ip());
      }
    }
  }

  /** sentinelResetMasterAndChangeAddress: the former primary is a replica from now on. */
  private void switchTo(String ip) {
    String former = primary.ip;
    net.trace(() -> "%s +switch-master %s %s in epoch %d".formatted(me, former, ip, configEpoch));
    List<String> known = List.copyOf(replicas.keySet());
    replicas.clear();
    primary = new Instance(me, ip, true);
    failover = new Failover(this, me);
    votes.forget();
    objectivelyDown = false;
    for (String replica : known) {
      if (!replica.equals(ip)) {
        replicas.put(replica, new Instance(me, replica, false));
      }
    }
    if (!former.equals(ip)) {
      replicas.put(former, new Instance(me, former, false));
    }
    net.switched();
  }

  Monitored seen() {
    return new Monitored(
        primary.ip,
        SERVER,
        primary.runId,
        configEpoch,
        peers.values().stream().mapToLong(peer -> peer.leaderEpoch).max().orElse(0),
        quorum,
        failover.isUnderWay(),
        false,
        settings,
        peers.values().stream().map(peer -> new Hello.Peer(peer.id, peer.ip, peer.port)).toList(),
        replicas.keySet().stream().map(ip -> ip + ":" + SERVER).toList());
  }

  @Nullable Instance replica(String ip) {
    return replicas.get(ip);
  }

  @Override
  public String toString() {
    return "%s at %s in epoch %d, replicas %s, peers %s"
        .formatted(
            name,
            primary,
            configEpoch,
            replicas.values(),
            peers.values().stream().map(peer -> peer.ip).toList());
  }
}
