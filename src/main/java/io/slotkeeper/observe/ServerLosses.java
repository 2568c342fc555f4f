package io.slotkeeper.observe;

/** Which servers are known to be gone, because a connection that was held to them broke. */
@FunctionalInterface
public interface ServerLosses {

  /**
   * Whether a connection to the server of this pod was held, broke, and a new one to the same
   * address is refused.
   */
  boolean isLost(String podUid);
}
