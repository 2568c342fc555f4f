package io.slotkeeper.redis;

import org.jspecify.annotations.Nullable;

/** The server gave no answer to what it was asked. What that proves depends on the {@link Kind}. */
public final class RedisUnavailableException extends RuntimeException {

  /** How it failed. */
  public enum Kind {
    /**
     * The host answered that no process listens at this port (RST): the server process is not
     * there.
     */
    REFUSED(false),
    /** No answer in time, or no route: proves nothing. */
    TIMEOUT(false),
    /** The connection broke during the call. */
    CLOSED(false),
    /** The server is reading its data set and answers nothing else ({@code -LOADING}). */
    LOADING(true),
    /**
     * A script, function or module command has run for longer than {@code busy-reply-threshold};
     * until it ends the server answers nothing else ({@code -BUSY}).
     */
    BUSY(true),
    /** The server has as many connections as {@code maxclients} allows. */
    MAX_CLIENTS(true),
    /** The server has another password than the one given ({@code -WRONGPASS}). */
    WRONG_PASSWORD(true),
    /** The server has a password, and none was given ({@code -NOAUTH}). */
    PASSWORD_REQUIRED(true),
    /** A password was given, and the server has none. */
    NO_PASSWORD(true),
    /** The password is right, and the account may not run the command ({@code -NOPERM}). */
    NOT_PERMITTED(true),
    /** Any other error in place of the answer. */
    ERROR(true);

    private final boolean answers;

    Kind(boolean answers) {
      this.answers = answers;
    }

    /** The error is the server's own reply, so there is a server, and it is alive. */
    public boolean answers() {
      return answers;
    }

    /** The server and the operator do not have the same password. */
    public boolean isAboutPassword() {
      return this == WRONG_PASSWORD || this == PASSWORD_REQUIRED || this == NO_PASSWORD;
    }
  }

  private final Kind kind;
  private final String detail;

  public RedisUnavailableException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.detail = message;
  }

  /**
   * @param where the address that was asked
   * @param detail what went wrong there
   */
  public RedisUnavailableException(
      Kind kind, Object where, String detail, @Nullable Throwable cause) {
    super(where + ": " + detail, cause);
    this.kind = kind;
    this.detail = detail;
  }

  public Kind kind() {
    return kind;
  }

  /** What went wrong, without the address. */
  public String detail() {
    return detail;
  }
}
