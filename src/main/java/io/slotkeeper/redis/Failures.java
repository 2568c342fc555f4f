package io.slotkeeper.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failed call means. */
final class Failures {

  private static final String LOADING = "it is reading its data set";

  private Failures() {}

  /**
   * @param failure as it came out of Lettuce, with its causes
   */
  static RuntimeException of(Endpoint endpoint, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      RuntimeException known = known(endpoint, cause);
      if (known != null) {
        return known;
      }
    }
    Throwable last = failure instanceof ExecutionException ? failure.getCause() : failure;
    String why = last == null || last.getMessage() == null ? "" : " (" + last.getMessage() + ")";
    return unavailable(endpoint, Kind.CLOSED, "the connection broke" + why, failure);
  }

  private static @Nullable RuntimeException known(Endpoint endpoint, Throwable cause) {
    return switch (cause) {
      case RedisCommandExecutionException e -> reply(endpoint, String.valueOf(e.getMessage()), e);
      case TimeoutException e -> unavailable(endpoint, Kind.TIMEOUT, "no answer in time", e);
      case RedisCommandTimeoutException e ->
          unavailable(endpoint, Kind.TIMEOUT, "no answer in time", e);
      case InterruptedException e -> unavailable(endpoint, Kind.TIMEOUT, "interrupted", e);
      case SocketException e when isRefusal(e) ->
          unavailable(endpoint, Kind.REFUSED, "nobody listens there", e);
      case SocketException e when isNoAnswer(e) ->
          unavailable(endpoint, Kind.TIMEOUT, "cannot be reached: " + e.getMessage(), e);
      default -> null;
    };
  }

  /**
   * The host said that nobody listens (ECONNREFUSED). Java gives the same class for other errors of
   * a connect, and Netty for its own timeout, so that the text decides; any other text proves less.
   */
  static boolean isRefusal(Throwable cause) {
    return cause instanceof ConnectException
        && !(cause instanceof ConnectTimeoutException)
        && String.valueOf(cause.getMessage()).startsWith("Connection refused");
  }

  private static boolean isNoAnswer(SocketException cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || message.contains("unreachable")
        || message.contains("Host is down");
  }

  private static RuntimeException reply(Endpoint endpoint, String message, Throwable cause) {
    if (message.startsWith("LOADING")) {
      return unavailable(endpoint, Kind.LOADING, LOADING, cause);
    }
    if (message.startsWith("NOAUTH")) {
      return unavailable(endpoint, Kind.DENIED, "it asks for a password, none was given", cause);
    }
    if (message.startsWith("WRONGPASS")) {
      return unavailable(endpoint, Kind.DENIED, "it does not take this password", cause);
    }
    if (message.contains("without any password configured")) {
      return unavailable(endpoint, Kind.DENIED, "it has no password, but one was given", cause);
    }
    if (message.startsWith("DENIED")) { // protected mode: no password, and not from its own host
      return unavailable(endpoint, Kind.DENIED, message, cause);
    }
    if (message.contains("max number of clients reached")) {
      return unavailable(endpoint, Kind.CLOSED, message, cause);
    }
    return new RedisErrorException(message);
  }

  /**
   * @param progress how far it is, for people
   */
  static RedisUnavailableException loading(Endpoint endpoint, String progress) {
    return unavailable(endpoint, Kind.LOADING, LOADING + progress, null);
  }

  private static RedisUnavailableException unavailable(
      Endpoint endpoint, Kind kind, String message, @Nullable Throwable cause) {
    return new RedisUnavailableException(kind, endpoint + ": " + message, cause);
  }
}
