package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Pipeline.pairs;
import static io.slotkeeper.redis.lettuce.Pipeline.text;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.slotkeeper.redis.Functions;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.cluster.ClusterNode;
import io.slotkeeper.redis.cluster.ClusterNodesParser;
import io.slotkeeper.redis.cluster.InfoParser;
import io.slotkeeper.redis.cluster.Interner;
import io.slotkeeper.redis.cluster.NodeAddress;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One server over Lettuce. Its own API has no MEET with a bus port, sends FORCE for TAKEOVER, and
 * cannot write several commands at once on a shared connection, so commands are built here.
 */
final class LettuceNode implements RedisNode {
  /** Of {@code clusterCommand}, in Redis 7.0 to 8.6 and Valkey 8.1 to 9.1. */
  private static final String NO_CLUSTER = "ERR This instance has cluster support disabled";

  private final RedisNodes.Endpoint endpoint;
  private final Connections connections;
  private final Duration timeout;
  private final Interner<ClusterNode> lines;
  private final Pipeline pipeline;

  LettuceNode(
      RedisNodes.Endpoint endpoint,
      Connections connections,
      Duration timeout,
      Interner<ClusterNode> lines) {
    this(endpoint, connections, timeout, lines, new Pipeline(endpoint, connections, 0));
  }

  private LettuceNode(
      RedisNodes.Endpoint endpoint,
      Connections connections,
      Duration timeout,
      Interner<ClusterNode> lines,
      Pipeline pipeline) {
    this.endpoint = endpoint;
    this.connections = connections;
    this.timeout = timeout;
    this.lines = lines;
    this.pipeline = pipeline;
  }

  @Override
  public RedisNode held() {
    return new LettuceNode(endpoint, connections, timeout, lines, pipeline.held());
  }

  @Override
  public NodeSnapshot look() {
    return Pipeline.again(this::lookOnce);
  }

  private NodeSnapshot lookOnce() {
    AsyncCommand<String, String, String> table = text(CommandType.CLUSTER, "NODES");
    AsyncCommand<String, String, String> cluster = text(CommandType.CLUSTER, "INFO");
    AsyncCommand<String, String, String> info =
        text(CommandType.INFO, "server", "memory", "persistence", "replication", "keyspace");
    AsyncCommand<String, String, Map<String, String>> config =
        pairs(CommandType.CONFIG, "GET", "cluster-node-timeout", "cluster-databases", "databases");
    boolean clustered;
    try {
      clustered = sendToEither(List.of(table, cluster, info, config));
    } catch (RedisUnavailableException e) {
      throw e.kind() == RedisUnavailableException.Kind.LOADING ? loading() : e;
    }
    try {
      Map<String, String> server = InfoParser.parse(info.join());
      if (InfoParser.number(server, "loading") != 0) {
        throw LettuceErrors.loading(endpoint, InfoParser.loaded(server));
      }
      if (!clustered) {
        int databases = (int) InfoParser.number(config.join(), "databases");
        return new NodeSnapshot(InfoParser.server(server, databases), null);
      }
      int databases =
          config.join().containsKey("cluster-databases")
              ? (int) InfoParser.number(config.join(), "cluster-databases")
              : 1;
      return new NodeSnapshot(
          InfoParser.server(server, databases),
          InfoParser.cluster(
              ClusterNodesParser.parse(table.join(), lines),
              InfoParser.parse(cluster.join()),
              InfoParser.number(config.join(), "cluster-node-timeout")));
    } catch (IllegalArgumentException e) {
      throw new RedisErrorException(endpoint + ": " + e.getMessage());
    }
  }

  /**
   * For commands some of which are about the cluster.
   *
   * @return false where the server has no cluster support: those have no answer then
   */
  private boolean sendToEither(List<AsyncCommand<String, String, ?>> commands) {
    List<RuntimeException> errors = pipeline.attempt(commands, timeout);
    for (RuntimeException error : errors) {
      if (!(error instanceof RedisErrorException)
          || !String.valueOf(error.getMessage()).equals(NO_CLUSTER)) {
        throw error;
      }
    }
    return errors.isEmpty();
  }

  /** While it reads its data set it answers only questions about that. */
  private RedisUnavailableException loading() {
    AsyncCommand<String, String, String> info = text(CommandType.INFO, "persistence");
    send(List.of(info));
    return LettuceErrors.loading(endpoint, InfoParser.loaded(InfoParser.parse(info.join())));
  }

  @Override
  public @Nullable Integer sampleSlot() {
    // Keys are bytes: as text, some would hash to another slot.
    AsyncCommand<String, String, byte[]> key =
        Pipeline.command(CommandType.RANDOMKEY, new ByteArrayOutput<>(StringCodec.UTF8));
    try {
      send(List.of(key));
    } catch (RedisErrorException e) {
      if (!String.valueOf(e.getMessage()).startsWith("MASTERDOWN")) {
        throw e;
      }
      return firstSlotWithKeys();
    }
    byte[] bytes = key.join();
    return bytes == null ? null : SlotHash.getSlot(bytes);
  }

  /** Without its master, and with replica-serve-stale-data off, a replica shows no key. */
  private @Nullable Integer firstSlotWithKeys() {
    List<AsyncCommand<String, String, Long>> counts = new ArrayList<>();
    for (int slot = 0; slot < SlotSet.COUNT; slot++) {
      counts.add(
          Pipeline.command(
              CommandType.CLUSTER,
              new IntegerOutput<>(StringCodec.UTF8),
              "COUNTKEYSINSLOT",
              Integer.toString(slot)));
    }
    send(List.copyOf(counts));
    for (int slot = 0; slot < counts.size(); slot++) {
      if (counts.get(slot).join() > 0) {
        return slot;
      }
    }
    return null;
  }

  @Override
  public NodeId myId() {
    AsyncCommand<String, String, String> id = text(CommandType.CLUSTER, "MYID");
    AsyncCommand<String, String, String> info = text(CommandType.INFO, "server");
    return new NodeId(
        sendToEither(List.of(id, info))
            ? id.join()
            : InfoParser.text(InfoParser.parse(info.join()), "run_id"));
  }

  @Override
  public void meet(NodeAddress target) {
    cluster(
        "MEET", target.ip(), Integer.toString(target.port()), Integer.toString(target.busPort()));
  }

  @Override
  public void setConfigEpoch(long epoch) {
    cluster("SET-CONFIG-EPOCH", Long.toString(epoch));
  }

  @Override
  public void bumpEpoch() {
    cluster("BUMPEPOCH");
  }

  @Override
  public void reset() {
    cluster("RESET", "HARD");
  }

  @Override
  public void addSlots(SlotSet slots) {
    if (slots.isEmpty()) {
      return;
    }
    List<String> arguments = new ArrayList<>(List.of("ADDSLOTSRANGE"));
    for (SlotSet.Range range : slots.ranges()) {
      arguments.add(Integer.toString(range.first()));
      arguments.add(Integer.toString(range.last()));
    }
    cluster(arguments.toArray(String[]::new));
  }

  @Override
  public void replicate(NodeId master) {
    cluster("REPLICATE", master.value());
  }

  @Override
  public void forget(NodeId id) {
    cluster("FORGET", id.value());
  }

  @Override
  public void failover(FailoverMode mode) {
    switch (mode) {
      case GRACEFUL -> cluster("FAILOVER");
      case FORCE -> cluster("FAILOVER", "FORCE");
      case TAKEOVER -> cluster("FAILOVER", "TAKEOVER");
    }
  }

  @Override
  public void follow(String host, int port) {
    send(List.of(text(CommandType.REPLICAOF, host, Integer.toString(port))));
  }

  @Override
  public void lead() {
    send(List.of(text(CommandType.REPLICAOF, "NO", "ONE")));
  }

  @Override
  public void handOver(String host, int port, Duration longest) {
    String millis = Long.toString(longest.toMillis());
    send(
        List.of(
            text(
                new CommandName("FAILOVER"),
                "TO",
                host,
                Integer.toString(port),
                "TIMEOUT",
                millis)));
  }

  @Override
  public void abortHandOver() {
    send(List.of(text(new CommandName("FAILOVER"), "ABORT")));
  }

  @Override
  public void closeClients() {
    send(
        Stream.of("normal", "pubsub")
            .<AsyncCommand<String, String, ?>>map(type ->
                Pipeline.command(
                    CommandType.CLIENT,
                    new IntegerOutput<>(StringCodec.UTF8),
                    "KILL",
                    "TYPE",
                    type,
                    "SKIPME",
                    "yes"))
            .toList());
  }

  @Override
  public void setConfig(Map<String, String> settings) {
    if (settings.isEmpty()) {
      return;
    }
    List<String> arguments = new ArrayList<>(List.of("SET"));
    settings.forEach((name, value) -> {
      arguments.add(name);
      arguments.add(value);
    });
    send(List.of(text(CommandType.CONFIG, arguments.toArray(String[]::new))));
  }

  @Override
  public Map<String, String> getConfig(Iterable<String> names) {
    List<String> arguments = new ArrayList<>(List.of("GET"));
    names.forEach(arguments::add);
    if (arguments.size() == 1) {
      return Map.of();
    }
    AsyncCommand<String, String, Map<String, String>> values =
        pairs(CommandType.CONFIG, arguments.toArray(String[]::new));
    send(List.of(values));
    return Map.copyOf(values.join());
  }

  @Override
  public Persistence persistence() {
    AsyncCommand<String, String, String> info = text(CommandType.INFO, "server", "persistence");
    AsyncCommand<String, String, Map<String, String>> config =
        pairs(CommandType.CONFIG, "GET", "save");
    send(List.of(info, config));
    try {
      return InfoParser.persistence(
          InfoParser.parse(info.join()), InfoParser.text(config.join(), "save"));
    } catch (IllegalArgumentException e) {
      throw new RedisErrorException(endpoint + ": " + e.getMessage());
    }
  }

  @Override
  public void snapshot() {
    send(List.of(text(CommandType.BGSAVE)));
  }

  @Override
  public ServerConfig serverConfig(Iterable<String> names) {
    List<String> arguments = new ArrayList<>(List.of("GET"));
    names.forEach(arguments::add);
    AsyncCommand<String, String, String> info = text(CommandType.INFO, "server");
    AsyncCommand<String, String, Map<String, String>> values =
        pairs(CommandType.CONFIG, arguments.toArray(String[]::new));
    send(List.of(info, values));
    try {
      Map<String, String> server = InfoParser.parse(info.join());
      return new ServerConfig(
          InfoParser.text(server, "run_id"), server.getOrDefault("config_file", ""), values.join());
    } catch (IllegalArgumentException e) {
      throw new RedisErrorException(endpoint + ": " + e.getMessage());
    }
  }

  @Override
  public Functions functions() {
    var dump =
        Pipeline.command(CommandType.FUNCTION, new ByteArrayOutput<>(StringCodec.UTF8), "DUMP");
    send(List.of(dump));
    return new Functions(dump.join());
  }

  @Override
  public void addFunctions(Functions functions) {
    CommandArgs<String, String> arguments =
        new CommandArgs<>(StringCodec.UTF8).add("RESTORE").add(functions.dump()).add("REPLACE");
    send(
        List.of(
            Pipeline.command(
                CommandType.FUNCTION, new StatusOutput<>(StringCodec.UTF8), arguments)));
  }

  @Override
  public PasswordCommands passwords() {
    return new LettucePasswords.OfServer(endpoint, pipeline, timeout);
  }

  @Override
  public UserCommands users() {
    return new LettuceUsers(endpoint, pipeline, timeout);
  }

  @Override
  public SlotCommands slots() {
    return new LettuceSlots(endpoint, connections, timeout);
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }

  private void cluster(String... arguments) {
    send(List.of(text(CommandType.CLUSTER, arguments)));
  }

  private void send(List<AsyncCommand<String, String, ?>> commands) {
    pipeline.send(commands, timeout);
  }
}
