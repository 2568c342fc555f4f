package io.slotkeeper.model;

/** The state of the idle connection that is held to each server. */
@FunctionalInterface
public interface ServerConnections {

  ConnectionState of(String podUid);

  /** The state of one. */
  enum ConnectionState {
    /** It is held, or has never been: ask the server. */
    ASK,
    /** It was held, broke, and a new one to the same address is refused: the process is gone. */
    LOST,
    /** It was held, broke, and a new one is not answered: no use to ask, and no proof. */
    SILENT
  }
}
