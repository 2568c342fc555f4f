package io.slotkeeper.simulation.sentinel;

/** A server, over a connection that works at this moment. */
public interface WatchedServer {

  ServerInfo info();

  /** {@code REPLICAOF NO ONE}; its clients are disconnected, too. */
  void lead();

  /** {@code REPLICAOF}; its clients are disconnected, too. */
  void follow(String ip);
}
