package io.slotkeeper.observe;

/** What the idle connection that is held to each server tells. */
@FunctionalInterface
public interface ServerLines {

  Line of(String podUid);

  /** The state of one. */
  enum Line {
    /** It is held, or has never been: ask the server. */
    OPEN,
    /** It was held, broke, and a new one to the same address is refused: the process is gone. */
    LOST,
    /** It was held, broke, and a new one is not answered: nobody there to ask, and no proof. */
    SILENT
  }
}
