package io.slotkeeper.redis;

import java.net.ConnectException;

/** Tells a refused connection, which proves that no process listens, from other errors. */
public final class RefusedConnection {
  private RefusedConnection() {}

  /**
   * The host said that no process listens (ECONNREFUSED). Java gives the same class for other
   * errors of a connect, so the text decides; any other text proves less.
   */
  public static boolean is(Throwable cause) {
    return cause instanceof ConnectException
        && String.valueOf(cause.getMessage()).startsWith("Connection refused");
  }
}
