package io.slotkeeper.redis;

import java.net.ConnectException;

/** Distinguishes a refused connection, which proves that no process listens, from other errors. */
public final class RefusedConnection {
  private RefusedConnection() {}

  /**
   * The host answered that no process listens (ECONNREFUSED). Java has the same class for other
   * errors of a connect, so the text decides; any other text proves less.
   */
  public static boolean is(Throwable cause) {
    return cause instanceof ConnectException
        && String.valueOf(cause.getMessage()).startsWith("Connection refused");
  }
}
