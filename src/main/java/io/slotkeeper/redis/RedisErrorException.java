package io.slotkeeper.redis;

/** The server answered a command with an error; the message is the server's own. */
public final class RedisErrorException extends RuntimeException {
  public RedisErrorException(String message) {
    super(message);
  }
}
