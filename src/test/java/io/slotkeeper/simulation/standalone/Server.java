package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Pod;
import io.slotkeeper.simulation.ServerProcess;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of a server without cluster support. */
final class Server extends ServerProcess {
  private static final int FLUSH = 1000;

  final StandaloneWorld world;
  final Store store;
  final String runId;
  final Replication replication;
  final Failover failover = new Failover(this);
  final Set<Client> clients = new LinkedHashSet<>();

  /** In memory. */
  Write data;

  /** Until then it does not answer: a slow command. */
  long stalledUntil;

  /** CLIENT PAUSE, until its pod ends. */
  boolean paused;

  /** It is stopping, and takes no writes any more. */
  boolean stopping;

  /** Its last dump, or its start. */
  long savedAt;

  /** Sentinels have promoted it, and no client knows yet. */
  boolean elected;

  int failedProbes;

  /** Its machine lost its power, so that it closed no connection. */
  boolean silent;

  /** Until then the AOF is as it was before the last full synchronization. */
  private long rewritingUntil;

  private long flushedAt;
  private long dumpAt;

  Server(StandaloneWorld world, Pod pod, Store store, String ip) {
    super(world, pod, store, ip);
    this.world = world;
    this.store = store;
    runId = world.chance.id().value();
    data = world.nothing;
    replication = new Replication(this);
    savedAt = world.now;
    dumpAt = world.now + world.chance.between(2000, 30_000);
  }

  static @Nullable Server in(Pod pod) {
    return (Server) pod.server;
  }

  @Override
  public void serve() {
    Store.Dump newest = store.newest();
    data = store.data();
    replication.loaded(newest);
    store.opened(world.now);
    super.serve();
    world.trace.add(world.now, () -> "server " + this + " serves " + data + ", " + replication);
    if (isMaster()) {
      world.ledger.leadsByItself(this);
    }
  }

  @Override
  public void end() {
    super.end();
    List.copyOf(clients).forEach(Client::disconnected);
  }

  /** What it has on its disk stays. */
  @Override
  protected void killed() {}

  @Override
  protected void powerFailed() {
    silent = true;
    store.powerFailed();
    world.ledger.destroyed("what was not flushed of " + this);
  }

  /** It is stopping: what it has in memory, it writes. */
  void save() {
    if (store.kept == Store.Kept.DUMPS && !isLoading()) {
      dump();
    }
    store.flush();
  }

  private void dump() {
    savedAt = world.now;
    store.dump(
        new Store.Dump(
            data, replication.written(replication.continues), replication.offset, world.now));
  }

  boolean isMaster() {
    return replication.host == null;
  }

  /** From its disk, or from its primary. */
  boolean isLoading() {
    return phase == Phase.LOADING || replication.isLoading();
  }

  @Override
  protected Phase shown() {
    return serving() && replication.isLoading() ? Phase.LOADING : phase;
  }

  @Override
  public boolean isStalled() {
    return world.now < stalledUntil;
  }

  /** Takes writes. */
  boolean writable() {
    return serving()
        && isMaster()
        && !stopping
        && !paused
        && !failover.isUnderWay()
        && !isStalled();
  }

  /** What the readiness probe finds. */
  boolean isReady() {
    return serving() && !isStalled() && (isMaster() || replication.isUp());
  }

  Write write() {
    become(data.next());
    replication.wrote();
    return data;
  }

  /** The next step of its history. */
  void become(Write next) {
    data = next;
    if (store.kept == Store.Kept.AOF && world.now >= rewritingUntil) {
      store.append(next, world.now);
    }
  }

  /** A full synchronization: the file is there first, then what was in memory goes. */
  void discard(Store.Dump received) {
    store.dump(received);
    data = world.nothing;
    if (store.kept == Store.Kept.AOF) {
      rewritingUntil = Long.MAX_VALUE;
    }
  }

  void copied(Write copy) {
    data = copy;
    if (store.kept == Store.Kept.AOF) {
      rewritingUntil = world.now + world.chance.between(100, 2000);
      world.after(rewritingUntil - world.now, this::rewritten);
    }
  }

  private void rewritten() {
    if (serving() && !replication.isLoading() && world.now >= rewritingUntil) {
      store.rewritten(data, world.now);
    }
  }

  void closeClients() {
    List.copyOf(clients).forEach(Client::disconnected);
  }

  void tick() {
    if (isStalled()) {
      return;
    }
    replication.cron();
    failover.cron();
    if (world.now >= flushedAt + FLUSH) {
      flushedAt = world.now;
      store.flush();
    }
    if (store.kept == Store.Kept.DUMPS && world.now >= dumpAt && !isLoading()) {
      savedAt = world.now;
      dumpAt = world.now + world.chance.between(5000, 60_000);
      dump();
    }
  }

  @Override
  public String toString() {
    return pod.name + "/" + runId.substring(0, 8);
  }
}
