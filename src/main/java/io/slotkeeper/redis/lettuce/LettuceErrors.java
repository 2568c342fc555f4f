package io.slotkeeper.redis.lettuce;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.RefusedConnection;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failed call means. */
final class LettuceErrors {

  private static final String LOADING = "it is reading its data set";

  private LettuceErrors() {}

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
      case SocketException e
          when !(e instanceof ConnectTimeoutException) && RefusedConnection.is(e) ->
          unavailable(endpoint, Kind.REFUSED, "no process listens there", e);
      case SocketException e when isNoAnswer(e) ->
          unavailable(endpoint, Kind.TIMEOUT, "cannot be reached: " + e.getMessage(), e);
      default -> null;
    };
  }

  private static boolean isNoAnswer(SocketException cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || message.contains("unreachable")
        || message.contains("Host is down");
  }

  /**
   * Error codes as of Redis 7.0 to 8.6 and Valkey 8.1 to 9.1 ({@code server.c:createSharedObjects},
   * {@code networking.c:acceptCommonHandler}, {@code acl.c}). {@code BUSYKEY} and {@code BUSYGROUP}
   * are answers to a command, not the state of a server.
   */
  private static RuntimeException reply(Endpoint endpoint, String reply, Throwable cause) {
    if (reply.startsWith("LOADING")) {
      return unavailable(endpoint, Kind.LOADING, LOADING, cause);
    }
    if (reply.startsWith("BUSY ")) {
      return unavailable(endpoint, Kind.BUSY, reply, cause);
    }
    // A server in cluster mode says "max number of clients + cluster connections reached".
    if (reply.startsWith("ERR max number of clients")) {
      return unavailable(endpoint, Kind.MAX_CLIENTS, reply, cause);
    }
    if (reply.startsWith("WRONGPASS")) {
      return unavailable(endpoint, Kind.WRONG_PASSWORD, "it has another password", cause);
    }
    if (reply.startsWith("NOAUTH")) {
      return unavailable(
          endpoint, Kind.PASSWORD_REQUIRED, "it asks for a password, none was given", cause);
    }
    if (reply.contains("without any password configured")) {
      return unavailable(
          endpoint, Kind.NO_PASSWORD, "it has no password, but one was given", cause);
    }
    if (reply.startsWith("NOPERM")) {
      return unavailable(endpoint, Kind.NOT_PERMITTED, reply, cause);
    }
    if (reply.startsWith("DENIED")) { // protected mode: it closes the connection
      return unavailable(endpoint, Kind.ERROR, firstSentence(reply), cause);
    }
    return new RedisErrorException(withoutArguments(reply));
  }

  private static String firstSentence(String reply) {
    return reply.split("\\. ", 2)[0];
  }

  /** A server repeats what it does not know, and that may be a password (AUTH renamed). */
  private static String withoutArguments(String reply) {
    return reply.replaceFirst("(?s),? with args beginning with.*", "");
  }

  /** The connection remains usable: it is the server that cannot answer now. */
  static boolean keepsConnection(Kind kind) {
    return switch (kind) {
      case LOADING, BUSY, NOT_PERMITTED -> true;
      case REFUSED,
          TIMEOUT,
          CLOSED,
          MAX_CLIENTS,
          WRONG_PASSWORD,
          PASSWORD_REQUIRED,
          NO_PASSWORD,
          ERROR ->
          false;
    };
  }

  /**
   * @param progress how far it is, for people
   */
  static RedisUnavailableException loading(Endpoint endpoint, String progress) {
    return unavailable(endpoint, Kind.LOADING, LOADING + progress, null);
  }

  private static RedisUnavailableException unavailable(
      Endpoint endpoint, Kind kind, String message, @Nullable Throwable cause) {
    return new RedisUnavailableException(kind, endpoint, message, cause);
  }
}
