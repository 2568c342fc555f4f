package io.slotkeeper.redis.lettuce;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.Interner;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Real servers, over the network. Each is reached directly, over one connection for each {@link
 * RedisNodes.Endpoint}; a broken one is reopened only by the next call.
 */
public final class LettuceNodes implements RedisNodes, AutoCloseable {
  private final Duration callTimeout;
  private final Duration unusedTimeout;
  private final ClientResources resources;
  private final Clients clients;
  private final Connections connections;
  private final Interner<ClusterNode> lines = new Interner<>();
  private final Thread housekeeping;

  /**
   * @param connectTimeout how long a TCP connect may take
   * @param callTimeout how long a call may take, connecting included
   * @param unusedTimeout how long an unused connection stays open
   * @param clock measures unusedTimeout
   */
  public LettuceNodes(
      Duration connectTimeout, Duration callTimeout, Duration unusedTimeout, InstantSource clock) {
    this.callTimeout = callTimeout;
    this.unusedTimeout = unusedTimeout;
    connections = new Connections(this::open, clock);
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            // Addresses are literals: the JDK reads them, without a DNS client of Netty's.
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .nettyCustomizer(new Greetings(connections.refusals()))
            .build();
    clients = new Clients(resources, connectTimeout, clock);
    housekeeping = Thread.ofVirtual().name("redis-connections").start(this::keepHouse);
  }

  @Override
  public RedisNode at(Endpoint endpoint) {
    return new LettuceNode(endpoint, connections, callTimeout, lines);
  }

  /** The same for Sentinels. */
  public SentinelNodes sentinels() {
    return endpoint -> new LettuceSentinel(endpoint, connections, callTimeout);
  }

  /** Closes the connections to a server that is not wanted any more; calls under way fail. */
  public void forget(String owner) {
    connections.close(endpoint -> endpoint.owner().equals(owner));
  }

  /** How many connections there are, those being opened included. */
  public int connections() {
    return connections.size();
  }

  @Override
  public void close() {
    connections.close();
    housekeeping.interrupt();
    clients.close();
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  private CompletableFuture<StatefulRedisConnection<String, String>> open(Endpoint endpoint) {
    RedisURI uri =
        RedisURI.builder()
            .withHost(endpoint.ip())
            .withPort(endpoint.port())
            .withSsl(endpoint.trust() != null)
            .withVerifyPeer(SslVerifyMode.CA)
            .withLibraryName("") // no CLIENT SETINFO: servers before 7.2 do not have it
            .withLibraryVersion("")
            .build();
    return clients
        .of(endpoint.trust())
        .connectAsync(StringCodec.UTF8, uri)
        .toCompletableFuture()
        .thenCompose(connection -> login(connection, endpoint.password()));
  }

  /**
   * Not left to Lettuce: its own login may hand out a connection before it takes commands, and may
   * lose the server's refusal (RedisHandshake, AbstractRedisClient.initializeChannelAsync0).
   */
  private CompletableFuture<StatefulRedisConnection<String, String>> login(
      StatefulRedisConnection<String, String> connection, @Nullable String password) {
    if (password == null) {
      return CompletableFuture.completedFuture(connection);
    }
    AsyncCommand<String, String, String> auth =
        Pipeline.command(
            CommandType.AUTH,
            new StatusOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8).add(password.toCharArray()));
    var _ = connection.dispatch(auth);
    return auth.orTimeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(_ -> connection)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            var _ = connection.closeAsync();
          }
        });
  }

  private static final class Greetings implements NettyCustomizer {
    private final Refusals refusals;

    Greetings(Refusals refusals) {
      this.refusals = refusals;
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new RefusalHandler(refusals));
    }
  }

  private void keepHouse() {
    try {
      while (!connections.isClosed()) {
        Thread.sleep(unusedTimeout.dividedBy(2));
        connections.closeUnused(unusedTimeout);
        clients.closeUnused(connections.trusts(), unusedTimeout.multipliedBy(2));
        connections.refusals().forgetBefore(System.nanoTime() - callTimeout.toNanos());
      }
    } catch (InterruptedException e) {
      // closed
    }
  }
}
