package io.slotkeeper.redis;

import org.jspecify.annotations.Nullable;

/** The server could not be asked. What that proves depends on the {@link Kind}. */
public final class RedisUnavailableException extends RuntimeException {

  /** How it failed. */
  public enum Kind {
    /**
     * The host answered that nobody listens at this port (RST): the server process is not there.
     */
    REFUSED,
    /** No answer in time, or no route: proves nothing. */
    TIMEOUT,
    /** The connection broke during the call. */
    CLOSED,
    /** The server is reading its data set and answers nothing else ({@code -LOADING}). */
    LOADING,
    /**
     * The server does not take this password ({@code -WRONGPASS}, {@code -NOAUTH}, and no auth).
     */
    DENIED
  }

  private final Kind kind;

  public RedisUnavailableException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
