package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Pipeline.command;
import static io.slotkeeper.redis.lettuce.Pipeline.text;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ListOfMapsOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelParser;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One Sentinel over Lettuce. Its connections are those of a server: Sentinels log in alike. */
final class LettuceSentinel implements SentinelNode {
  /** Of {@code sentinelGetMasterByNameOrReplyError}, in every version. */
  private static final String UNKNOWN = "No such master with that name";

  private final RedisNodes.Endpoint endpoint;
  private final Pipeline pipeline;
  private final Duration timeout;

  LettuceSentinel(RedisNodes.Endpoint endpoint, Connections connections, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    pipeline = new Pipeline(endpoint, connections, 0);
  }

  @Override
  public SentinelSnapshot look(String master) {
    return Pipeline.again(() -> lookOnce(master));
  }

  private SentinelSnapshot lookOnce(String master) {
    AsyncCommand<String, String, String> id = text(CommandType.SENTINEL, "MYID");
    AsyncCommand<String, String, List<Map<String, String>>> masters = maps("MASTERS");
    AsyncCommand<String, String, List<Map<String, String>>> peers = maps("SENTINELS", master);
    AsyncCommand<String, String, List<Map<String, String>>> replicas = maps("REPLICAS", master);
    for (RuntimeException error :
        pipeline.attempt(List.of(id, masters, peers, replicas), timeout)) {
      if (!String.valueOf(error.getMessage()).contains(UNKNOWN)) {
        throw error;
      }
    }
    try {
      return SentinelParser.snapshot(
          id.join(), master, masters.join(), orNone(peers), orNone(replicas));
    } catch (IllegalArgumentException e) {
      throw new RedisErrorException(endpoint + ": " + e.getMessage());
    }
  }

  private static List<Map<String, String>> orNone(
      AsyncCommand<String, String, List<Map<String, String>>> reply) {
    return reply.isCompletedExceptionally() ? List.of() : reply.join();
  }

  private static AsyncCommand<String, String, List<Map<String, String>>> maps(String... arguments) {
    return command(CommandType.SENTINEL, new ListOfMapsOutput<>(StringCodec.UTF8), arguments);
  }

  @Override
  public void monitor(String master, String ip, int port, int quorum) {
    sentinel("MONITOR", master, ip, Integer.toString(port), Integer.toString(quorum));
  }

  @Override
  public void remove(String master) {
    sentinel("REMOVE", master);
  }

  @Override
  public void set(String master, Map<String, String> settings) {
    if (settings.isEmpty()) {
      return;
    }
    List<String> arguments = new ArrayList<>(List.of("SET", master));
    settings.forEach((name, value) -> {
      arguments.add(name);
      arguments.add(value);
    });
    sentinel(arguments.toArray(String[]::new));
  }

  @Override
  public PasswordCommands passwords(String master) {
    return new LettucePasswords.OfSentinel(endpoint, pipeline, timeout, master);
  }

  @Override
  public void hear(Hello hello) {
    pipeline.send(
        List.of(
            command(
                CommandType.PUBLISH,
                new IntegerOutput<>(StringCodec.UTF8),
                Hello.CHANNEL,
                hello.message())),
        timeout);
  }

  private void sentinel(String... arguments) {
    pipeline.send(List.of(text(CommandType.SENTINEL, arguments)), timeout);
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }
}
