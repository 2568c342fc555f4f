package io.slotkeeper.livesettings;

import static org.awaitility.Awaitility.await;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.LivePasswords.Result;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.SentinelMember;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A master, its replica and a Sentinel, as processes with a password, and what an operator sees.
 */
final class PasswordServers implements AutoCloseable {
  static final int CLIENTS = 6379;
  static final int SENTINELS = 26379;
  private static final String NAME = "r";
  private static final String SENTINEL_ID = "c".repeat(40);

  final RedisServer master;
  final RedisServer replica;

  private final RedisServers servers;
  private final LettuceNodes nodes = RedisServers.patientNodes();
  private final String sentinelIp = RedisServers.nextAddress();
  private final Process sentinel;
  private final Instant now = Instant.EPOCH;
  private @Nullable RedisServer silent;

  PasswordServers(String version, String password) {
    servers = new RedisServers(version, password);
    master = servers.start("cluster-enabled no", "save \"\"");
    replica =
        servers.start(
            "cluster-enabled no", "save \"\"", "replicaof " + master.ip() + " " + CLIENTS);
    awaitLink();
    sentinel = startSentinel(version, password);
  }

  private Process startSentinel(String version, String password) {
    try {
      Path directory = Files.createTempDirectory("slotkeeper-sentinel-");
      Path conf = directory.resolve("sentinel.conf");
      Files.write(
          conf,
          List.of(
              "port " + SENTINELS,
              "bind " + sentinelIp,
              "dir " + directory,
              "protected-mode no",
              "requirepass " + password,
              "sentinel sentinel-pass " + password,
              "sentinel myid " + SENTINEL_ID,
              "sentinel monitor " + NAME + " " + master.ip() + " " + CLIENTS + " 1",
              "sentinel auth-pass " + NAME + " " + password));
      Process process =
          new ProcessBuilder(
                  RedisServers.programs(version).resolve("server").toString(),
                  conf.toString(),
                  "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output").toFile())
              .start();
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> login(sentinelIp, SENTINELS, password).equals("+OK"));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<RedisServer> servers() {
    return List.of(master, replica);
  }

  String sentinelIp() {
    return sentinelIp;
  }

  /** It seems not to answer from now on; null: all do. */
  void silent(@Nullable RedisServer server) {
    silent = server;
  }

  /** What a server says to it. */
  String login(String ip, int port, String password) {
    try (RawConnection connection = new RawConnection(ip, port)) {
      return connection.ask("AUTH", password);
    }
  }

  /** Logged in. */
  RawConnection connect(RedisServer server, String password) {
    RawConnection connection = new RawConnection(server.ip());
    String reply = connection.ask("AUTH", password);
    if (!reply.equals("+OK")) {
      connection.close();
      throw new IllegalStateException(reply);
    }
    return connection;
  }

  Logins logins(RedisServer server, String password) {
    return nodes.at(endpoint(server, password)).passwords().logins();
  }

  private Logins sentinelLogins(String password) {
    return sentinelNode(password).passwords(NAME).logins();
  }

  private SentinelNode sentinelNode(String password) {
    return nodes.sentinels().at(new Endpoint("sentinel", sentinelIp, SENTINELS, password));
  }

  private static Endpoint endpoint(RedisServer server, String password) {
    return new Endpoint(uid(server), server.ip(), CLIENTS, password);
  }

  /** Whatever accepts a former password only, of what another one uses; empty for nothing. */
  List<String> lockedOut() {
    String one = login(master.ip(), CLIENTS, "old").equals("+OK") ? "old" : "new";
    String other = login(replica.ip(), CLIENTS, "old").equals("+OK") ? "old" : "new";
    String third = login(sentinelIp, SENTINELS, "old").equals("+OK") ? "old" : "new";
    Map<String, Logins> all =
        Map.of(
            "master", logins(master, one),
            "replica", logins(replica, other),
            "sentinel", sentinelLogins(third));
    List<String> out = new ArrayList<>();
    all.forEach((user, uses) ->
        all.forEach((name, accepting) -> {
          if (!accepting.accepts(uses.used())) {
            out.add(user + " by " + name);
          }
        }));
    return out;
  }

  /** The words of the Sentinel about the master. */
  String sentinelFlags() {
    try (RawConnection connection = new RawConnection(sentinelIp, SENTINELS)) {
      connection.ask("AUTH", "new");
      List<String> reply = new ArrayList<>(List.of(connection.ask("SENTINEL", "MASTER", NAME)));
      while (!reply.getLast().equals("$flags")) {
        reply.add(connection.next());
      }
      return connection.next().substring(1);
    }
  }

  /** For {@link RedisServer#cli}. */
  void passwordOfCli(String password) {
    servers.passwordOfCli(password);
  }

  boolean linkUp() {
    return replica.cli("INFO", "replication").contains("master_link_status:up");
  }

  void awaitLink() {
    await().atMost(Duration.ofMinutes(1)).until(this::linkUp);
  }

  /**
   * One that has just started.
   *
   * @param commands after so many it crashes: it changes no server any more
   */
  LivePasswords operator(int commands) {
    AtomicInteger left = new AtomicInteger(commands);
    RedisNodes limited = endpoint -> limited(RedisNode.class, nodes.at(endpoint), left);
    SentinelNodes limitedSentinels =
        endpoint -> limited(SentinelNode.class, nodes.sentinels().at(endpoint), left);
    VirtualThreads fanout = new VirtualThreads();
    Executor executor =
        new Executor(limited, limitedSentinels, kubernetes(), fanout, () -> now, () -> now);
    return new LivePasswords(limited, limitedSentinels, executor, fanout, () -> now);
  }

  Result pass(LivePasswords operator, AcceptedPasswords wanted, String login) {
    return operator.keep(new RedisRef("ns", NAME, "uid", login), view(login), NAME, wanted);
  }

  private static <T> T limited(Class<T> type, T node, AtomicInteger left) {
    return proxy(
        type,
        node,
        result -> result instanceof PasswordCommands commands ? limited(commands, left) : result);
  }

  private static PasswordCommands limited(PasswordCommands commands, AtomicInteger left) {
    return new PasswordCommands() {
      @Override
      public Logins logins() {
        return commands.logins();
      }

      @Override
      public void accept(Set<String> hashes) {
        spend(left);
        commands.accept(hashes);
      }

      @Override
      public void use(String password) {
        spend(left);
        commands.use(password);
      }

      @Override
      public void acceptOnly(String password) {
        spend(left);
        commands.acceptOnly(password);
      }
    };
  }

  private static void spend(AtomicInteger left) {
    if (left.getAndDecrement() <= 0) {
      throw new RedisUnavailableException(Kind.TIMEOUT, "the operator has crashed", null);
    }
  }

  private static <T> T proxy(Class<T> type, T target, Function<Object, Object> over) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                Object result = method.invoke(target, arguments);
                return result == null ? null : over.apply(result);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private KubernetesApi kubernetes() {
    return (KubernetesApi)
        Proxy.newProxyInstance(
            KubernetesApi.class.getClassLoader(),
            new Class<?>[] {KubernetesApi.class},
            (_, method, _) -> {
              if (method.getName().equals("pods")) {
                return pods();
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private ClusterView view(String login) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      RedisServer server = servers().get(i);
      members.add(
          new Member(
              pods().get(i),
              server.equals(silent)
                  ? new ServerAnswer.Failed(Kind.TIMEOUT, "no answer in time", false)
                  : new ServerAnswer.Answered(nodes.at(endpoint(server, login)).look())));
    }
    SentinelPod pod = new SentinelPod("s0", "sentinel", 0, sentinelIp, false, true, null);
    return new ClusterView(now, members, Remembered.NONE, Set.of())
        .withSentinels(
            List.of(new SentinelMember(pod, Optional.of(sentinelNode(login).look(NAME)), "")));
  }

  private List<PodState> pods() {
    List<PodState> pods = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      RedisServer server = servers().get(i);
      pods.add(
          new PodState(
              "p" + i,
              uid(server),
              0,
              i,
              server.ip(),
              "n",
              Instant.EPOCH,
              false,
              true,
              PodState.Container.RUNNING,
              null));
    }
    return pods;
  }

  private static String uid(RedisServer server) {
    return server.data().getFileName().toString();
  }

  @Override
  public void close() {
    nodes.close();
    sentinel.destroyForcibly().onExit().join();
    servers.close();
  }
}
