package io.slotkeeper.simulation.standalone;

import io.slotkeeper.simulation.Chance;
import io.slotkeeper.simulation.Pod;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes through the Service, over a connection that it keeps as long as it
 * can: to a server that is no primary any more, too.
 */
final class Client {
  private static final int PATIENCE = 2000;
  private static final int WAIT = 1000;

  private final StandaloneWorld world;
  private final Chance chance;
  private final int number;
  private final String name;

  /** Where it runs; null for outside of Kubernetes. */
  private final @Nullable String node;

  /** Asks for one replica to have each write (WAIT 1). */
  private final boolean waits;

  /** Connects again after an error. */
  private final boolean careful;

  private final int pace;
  private @Nullable Server server;

  /** Written, and waiting for a replica. */
  private @Nullable Write written;

  private long writtenOffset;
  private long askedAt;

  Client(StandaloneWorld world, int number, @Nullable String node, Chance chance) {
    this.world = world;
    this.node = node;
    this.chance = chance;
    this.number = number;
    name = "client-" + number;
    waits = number % 2 == 1;
    careful = chance.oneIn(2);
    pace = chance.between(40, 250);
    world.after(chance.between(1000, 3000), this::act);
  }

  private void act() {
    world.after(pace, this::act);
    Server at = server;
    if (at == null) {
      connect();
      return;
    }
    if (!reaches(at) || at.isStalled()) {
      if (world.now - askedAt > PATIENCE) {
        disconnected();
      }
      return;
    }
    Write waiting = written;
    if (waiting != null) {
      if (world.now - askedAt < WAIT) {
        return;
      }
      written = null;
      world.ledger.acknowledged(at, waiting, false); // WAIT said 0
    }
    write(at);
  }

  private void connect() {
    Server found = world.door(number, node, chance);
    if (found != null && found.serving() && reaches(found) && !found.isStalled()) {
      server = found;
      askedAt = world.now;
      found.clients.add(this);
    }
  }

  private boolean reaches(Server at) {
    return at.pod.owner == Pod.Owner.OURS && world.reaches(node, at.pod);
  }

  private void write(Server at) {
    if (at.isLoading() || !at.isMaster()) {
      if (careful) { // READONLY, LOADING
        disconnected();
      }
      return;
    }
    if (!at.writable()) {
      return; // its clients are paused
    }
    askedAt = world.now;
    Write write = at.write();
    if (waits && !at.replication.online().isEmpty()) {
      written = write;
      writtenOffset = at.replication.offset;
    } else {
      world.ledger.acknowledged(at, write, false);
    }
  }

  /** A replica of its server has so much. */
  void acknowledged(long offset) {
    Server at = server;
    Write waiting = written;
    if (at != null && waiting != null && offset >= writtenOffset && reaches(at)) {
      written = null;
      world.ledger.acknowledged(at, waiting, true);
    }
  }

  /** Whether it was executed, is not known. */
  void disconnected() {
    Server at = server;
    if (at != null) {
      at.clients.remove(this);
    }
    server = null;
    written = null;
  }

  @Override
  public String toString() {
    return name;
  }
}
