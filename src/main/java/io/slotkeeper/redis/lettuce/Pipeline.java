package io.slotkeeper.redis.lettuce;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.Connections.Lease;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands over one of the connections to a server: written at once, awaited together. */
final class Pipeline {
  /** How long a server may take to say why it refuses a connection. */
  private static final Duration GREETING = Duration.ofMillis(200);

  private final Endpoint endpoint;
  private final Connections connections;
  private final int lane;

  /** The connection that all calls must use, once the first one has; null where any will do. */
  private final @Nullable AtomicReference<@Nullable Object> held;

  Pipeline(Endpoint endpoint, Connections connections, int lane) {
    this(endpoint, connections, lane, null);
  }

  private Pipeline(
      Endpoint endpoint,
      Connections connections,
      int lane,
      @Nullable AtomicReference<@Nullable Object> held) {
    this.endpoint = endpoint;
    this.connections = connections;
    this.lane = lane;
    this.held = held;
  }

  /** The same over one connection, whichever the first call uses. */
  Pipeline held() {
    return new Pipeline(endpoint, connections, lane, new AtomicReference<>());
  }

  static AsyncCommand<String, String, String> text(ProtocolKeyword type, String... arguments) {
    return command(type, new StatusOutput<>(StringCodec.UTF8), arguments);
  }

  static AsyncCommand<String, String, Map<String, String>> pairs(
      ProtocolKeyword type, String... arguments) {
    return command(type, new MapOutput<>(StringCodec.UTF8), arguments);
  }

  static <T> AsyncCommand<String, String, T> command(
      ProtocolKeyword type, CommandOutput<String, String, T> output, String... arguments) {
    CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
    for (String argument : arguments) {
      args.add(argument);
    }
    return command(type, output, args);
  }

  static <T> AsyncCommand<String, String, T> command(
      ProtocolKeyword type,
      CommandOutput<String, String, T> output,
      CommandArgs<String, String> arguments) {
    return new AsyncCommand<>(new Command<>(type, output, arguments));
  }

  /**
   * The answer to a question that may be asked twice: a server closes connections as it likes
   * ("timeout"), and a new one shows whether it answers.
   */
  static <T> T again(Supplier<T> question) {
    try {
      return question.get();
    } catch (RedisUnavailableException e) {
      if (e.kind() != RedisUnavailableException.Kind.CLOSED) {
        throw e;
      }
      return question.get();
    }
  }

  /** Waits until all are answered, or the deadline has passed; throws the first failure. */
  void send(Collection<? extends AsyncCommand<String, String, ?>> commands, Duration timeout) {
    List<RuntimeException> errors = attempt(commands, timeout);
    if (!errors.isEmpty()) {
      throw errors.getFirst();
    }
  }

  /**
   * The same, except that an error reply to one command does not discard the other replies.
   *
   * @return the errors the server answered with
   */
  List<RuntimeException> attempt(
      Collection<? extends AsyncCommand<String, String, ?>> commands, Duration timeout) {
    long start = System.nanoTime();
    long deadline = start + timeout.toNanos();
    List<RuntimeException> errors = new ArrayList<>();
    try (Lease lease = connections.lease(endpoint, lane)) {
      requireHeld(lease);
      try {
        var connection = lease.connection().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        connection.dispatch(commands);
        for (AsyncCommand<String, String, ?> command : commands) {
          try {
            command.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          } catch (ExecutionException e) {
            RuntimeException failure = failure(e, start, lease);
            if (!isReply(failure)) {
              lease.retire();
              throw failure;
            }
            errors.add(failure);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw LettuceErrors.of(endpoint, e);
      } catch (ExecutionException | TimeoutException | CancellationException | RedisException e) {
        RuntimeException failure = failure(e, start, lease);
        if (!isReply(failure)) {
          lease.retire();
        }
        throw failure;
      }
    }
    return errors;
  }

  private void requireHeld(Lease lease) {
    Object connection = lease.identity();
    if (held != null
        && !held.compareAndSet(null, connection)
        && !held.compareAndSet(connection, connection)) {
      throw new RedisUnavailableException(
          RedisUnavailableException.Kind.CLOSED,
          endpoint,
          "the connection over which the server was asked has been closed since",
          null);
    }
  }

  /** The server's words before it closed the connection explain more than the closing does. */
  private RuntimeException failure(Throwable cause, long start, Lease lease) {
    RuntimeException failure = LettuceErrors.of(endpoint, cause);
    return failure instanceof RedisUnavailableException unavailable
            && unavailable.kind() == RedisUnavailableException.Kind.CLOSED
        ? connections
            .refusals()
            .since(new InetSocketAddress(endpoint.ip(), endpoint.port()), start)
            .or(() -> lease.isNew() ? RefusalReader.of(endpoint, GREETING) : Optional.empty())
            .map(reply -> LettuceErrors.of(endpoint, new RedisCommandExecutionException(reply)))
            .orElse(failure)
        : failure;
  }

  private static boolean isReply(RuntimeException failure) {
    return !(failure instanceof RedisUnavailableException unavailable)
        || LettuceErrors.keepsConnection(unavailable.kind());
  }
}
