package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.ServerProcess;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which server copies which, how far (replication.c). A replica follows an address, whichever
 * server is there. Offsets count within a replication id; a primary that was a replica continues
 * the history of its former one up to a certain offset.
 */
final class Replication extends History {
  static final int PORT = 6379;

  private static final int RETRY = 1000;
  private static final int PING = 10_000;
  private static final int PING_BYTES = 14;

  /** repl-timeout */
  private static final int TIMEOUT = 60_000;

  private enum State {
    /** Not connected to a primary, or is none. */
    NONE,
    /** Receives all data into a file. */
    RECEIVING,
    /** Has dropped its own data, and reads the file. */
    LOADING,
    UP
  }

  private final Server me;
  @Nullable String host;
  int port;

  /** Knows where in the history of its primary it is, and asks for what comes next. */
  boolean continues;

  private State state = State.NONE;
  private @Nullable Server source;
  private long retryAt;
  private long dueAt;
  private long heardAt;
  long downSince = NEVER;
  private long pingAt;
  private boolean expecting;

  /** What its primary has heard that it has, and when. */
  long acknowledged;

  long acknowledgedAt;

  private Store.@Nullable Dump coming;
  private final Set<Server> replicas = new LinkedHashSet<>();

  Replication(Server me) {
    super(me.world);
    this.me = me;
  }

  /** As the start script has it: the replica of nothing, of a primary, or of none. */
  void begin(@Nullable String primary, int at) {
    host = primary;
    port = at;
  }

  /** What was on the disk (loadDataFromDisk): only a dump says where it is from. */
  void loaded(Store.@Nullable Dump dump) {
    String from = dump == null ? null : dump.replicationId();
    if (dump == null || from == null) {
      return;
    }
    offset = dump.offset();
    if (host == null) {
      formerId = from;
      formerEnd = offset + 1;
      backlogFrom = offset + 1;
    } else {
      id = from;
      continues = true;
    }
  }

  boolean isUp() {
    return state == State.UP;
  }

  /** Since the server started. */
  boolean wasUp() {
    return isUp() || downSince != NEVER;
  }

  boolean isLoading() {
    return state == State.LOADING;
  }

  boolean isSyncing() {
    return state == State.RECEIVING || state == State.LOADING;
  }

  /** Those that are connected and have the data, as INFO lists them with state=online. */
  List<Server> online() {
    return connected().filter(replica -> replica.replication.isUp()).toList();
  }

  Stream<Server> connected() {
    return replicas.stream()
        .filter(replica -> replica.replication.source == me)
        .filter(replica ->
            replica.phase != ServerProcess.Phase.ENDED
                || (replica.silent && me.world.now - replica.replication.acknowledgedAt < TIMEOUT));
  }

  /** REPLICAOF NO ONE. */
  void lead() {
    if (host == null) {
      return;
    }
    drop();
    host = null;
    port = 0;
    continues = false;
    downSince = NEVER;
    shift(newId());
    disconnectReplicas();
  }

  /** REPLICAOF host port. */
  void follow(String primary, int at) {
    if (primary.equals(host) && at == port) {
      return;
    }
    if (host == null) {
      continues = true; // replicationCacheMasterUsingMyself
      keepBacklog();
      downSince = NEVER;
    }
    me.elected = false;
    drop();
    host = primary;
    port = at;
    retryAt = me.world.now;
    me.world.after(1, this::cron);
  }

  private void disconnectReplicas() {
    for (Server replica : List.copyOf(replicas)) {
      if (me.world.linked(me, replica)) {
        replica.replication.lost(me);
      }
    }
    replicas.clear();
  }

  private void lost(Server primary) {
    if (source == primary) {
      drop();
      retryAt = me.world.now;
    }
  }

  /** The connection is gone; a replica that was in sync can continue. */
  private void drop() {
    Server from = source;
    if (from != null) {
      from.replication.replicas.remove(me);
      source = null;
    }
    if (state == State.UP) {
      downSince = me.world.now;
      continues = true;
    } else if (state == State.RECEIVING) {
      coming = null;
    } else if (state == State.LOADING) {
      return; // it reads the file to the end, then connects again
    }
    state = State.NONE;
  }

  void wrote() {
    count();
    propagate();
  }

  private void propagate() {
    for (Server replica : replicas) {
      replica.replication.expect();
    }
  }

  private void expect() {
    if (state == State.UP && !expecting) {
      expecting = true;
      me.world.after(me.world.lag(me), this::receive);
    }
  }

  private void receive() {
    expecting = false;
    Server from = source;
    if (state != State.UP
        || from == null
        || !from.serving()
        || !me.serving()
        || me.isStalled()
        || !me.world.linked(me, from)
        || from.replication.isLoading()) {
      return;
    }
    heardAt = me.world.now;
    if (offset == from.replication.offset && me.data == from.data) {
      return;
    }
    me.world.ledger.continued(me, from);
    offset = from.replication.offset;
    me.become(from.data);
    propagate();
    me.world.after(me.world.chance.between(0, 1), this::acknowledge);
  }

  /** REPLCONF ACK, once a second, or when asked for by WAIT. */
  private void acknowledge() {
    Server to = source;
    if (isUp() && to != null && to.serving() && me.serving() && me.world.linked(me, to)) {
      acknowledge(offset);
      List.copyOf(to.clients).forEach(client -> client.acknowledged(offset));
    }
  }

  private void acknowledge(long upTo) {
    acknowledged = upTo;
    acknowledgedAt = me.world.now;
  }

  void cron() {
    if (!me.serving() || me.isStalled()) {
      return;
    }
    if (host == null) {
      if (!replicas.isEmpty() && me.world.now >= pingAt) {
        pingAt = me.world.now + PING;
        offset += PING_BYTES;
        propagate();
      }
      return;
    }
    switch (state) {
      case NONE -> {
        if (me.world.now >= retryAt) {
          retryAt = me.world.now + RETRY;
          connect();
        }
      }
      case RECEIVING -> receiveAll();
      case LOADING -> load();
      case UP -> supervise();
    }
  }

  private @Nullable Server peer() {
    Server peer = port == PORT && host != null ? me.world.listening(host) : null;
    boolean answers =
        peer != null
            && peer != me
            && !peer.isStalled()
            && me.world.linked(me, peer)
            && me.world.trusts(peer, me);
    return answers ? peer : null;
  }

  private void connect() {
    Server peer = peer();
    if (peer == null || peer.isLoading() || me.failover.demands(peer)) {
      return;
    }
    boolean refuses = // NOMASTERLINK
        peer.failover.isUnderWay() || (!peer.isMaster() && !peer.replication.isUp());
    if (!refuses) {
      synchronize(peer);
    }
  }

  /** PSYNC. */
  void synchronize(Server peer) {
    source = peer;
    peer.replication.replicas.add(me);
    heardAt = me.world.now;
    if (continues && peer.replication.canContinue(id, offset)) {
      me.world.trace.add(me.world.now, () -> me + " continues with " + peer);
      adopt(peer.replication.id);
      keepBacklog();
      state = State.UP;
      downSince = NEVER;
      acknowledge(offset);
      me.world.ledger.continued(me, peer);
      expect();
      return;
    }
    peer.replication.openBacklog(peer.isMaster());
    continues = false;
    state = State.RECEIVING;
    dueAt = me.world.now + me.world.transfer();
    coming = new Store.Dump(peer.data, peer.replication.id, peer.replication.offset, me.world.now);
    me.world.trace.add(me.world.now, () -> me + " copies " + peer + ", which has " + peer.data);
  }

  private void adopt(String primaryId) {
    if (!primaryId.equals(id)) {
      shift(primaryId);
      disconnectReplicas();
    }
  }

  private void receiveAll() {
    Server from = source;
    if (from == null || !from.serving() || from.isLoading() || !me.world.linked(me, from)) {
      drop();
    } else if (me.world.now >= dueAt) {
      disconnectReplicas();
      me.world.ledger.wiped(me, from);
      me.discard(Objects.requireNonNull(coming));
      state = State.LOADING;
      dueAt = me.world.now + me.world.transfer();
    }
  }

  private void load() {
    if (me.world.now < dueAt) {
      return;
    }
    Store.Dump received = Objects.requireNonNull(coming);
    coming = null;
    id = Objects.requireNonNull(received.replicationId());
    offset = received.offset();
    formerId = null;
    formerEnd = NEVER;
    backlogFrom = offset + 1;
    continues = true;
    acknowledge(offset);
    me.copied(received.data());
    Server from = source;
    if (from != null && from.serving() && me.world.linked(me, from)) {
      state = State.UP;
      downSince = NEVER;
      heardAt = me.world.now;
      expect();
    } else {
      state = State.UP; // for a moment
      drop();
    }
  }

  private void supervise() {
    Server from = Objects.requireNonNull(source);
    boolean linked = me.world.linked(me, from);
    boolean over =
        from.phase == ServerProcess.Phase.ENDED
            && (from.silent ? me.world.isAnsweredFor(from.ip, me) : linked);
    if (over || me.world.now - heardAt > TIMEOUT) {
      drop();
      retryAt = me.world.now;
      return;
    }
    if (linked && from.serving()) {
      if (!from.replication.replicas.contains(me)) {
        drop(); // it had disconnected while nothing came through
        retryAt = me.world.now;
        return;
      }
      heardAt = me.world.now;
      acknowledge(offset);
      if (offset != from.replication.offset || me.data != from.data) {
        expect();
      }
    }
  }

  @Override
  public String toString() {
    return "%s%s of %s at %d"
        .formatted(
            host == null ? "primary" : "replica of " + host,
            host == null ? "" : " (" + state + ")",
            id.substring(0, 6),
            offset);
  }
}
