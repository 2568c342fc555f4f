package io.slotkeeper.users;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.UserCommands.Trial;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.resources.ServedUsers;
import io.slotkeeper.testing.NoSentinels;
import io.slotkeeper.testing.RawConnection;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two servers as processes, what an operator sees, and the Secret that it keeps. */
final class UserServers implements AutoCloseable {
  static final String PASSWORD = "of-default";
  private static final RedisRef REF = new RedisRef("ns", "r", "uid", PASSWORD);

  final List<RedisServer> servers;
  final Map<String, UserWish> wishes = new HashMap<>();
  ServedUsers secret = ServedUsers.NONE;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private final RedisServers processes;
  private final LettuceNodes nodes = RedisServers.patientNodes();
  private @Nullable RedisServer silent;
  private LiveUsers live = operator();

  UserServers(String version) {
    processes = new RedisServers(version, PASSWORD);
    servers =
        List.of(
            processes.start("cluster-enabled no", "save \"\""),
            processes.start("cluster-enabled no", "save \"\""));
  }

  /** One that has just started. */
  private LiveUsers operator() {
    VirtualThreads fanout = new VirtualThreads();
    Executor executor =
        new Executor(nodes, NoSentinels.NODES, kubernetes(), fanout, () -> now, () -> now);
    return new LiveUsers(nodes, executor, fanout, () -> now);
  }

  void restartOperator() {
    live = operator();
  }

  /** It seems not to answer from now on; null: all do. */
  void silent(@Nullable RedisServer server) {
    silent = server;
  }

  record Passed(WantedUsers decided, LiveUsers.Result result) {}

  /** One look, and what is done after it. */
  Passed pass() {
    ClusterView view = view();
    List<List<String>> rules = new ArrayList<>();
    wishes.values().forEach(wish -> rules.add(wish.rules()));
    secret.wanted().stream().map(AclUser::rules).forEach(rules::add);
    Map<List<String>, Trial> trials = live.tryOut(REF, view, rules);
    WantedUsers decided =
        WantedUsers.decide(
            new WantedUsers.Situation(
                wishes.values(), Set.of(), secret, trials, live.gone("uid"), now));
    secret = decided.served();
    return new Passed(decided, live.keep(REF, view, secret));
  }

  /** Until there is nothing left to do. */
  Passed settle() {
    for (int i = 0; i < 10; i++) {
      Passed passed = pass();
      if (passed.result().outcomes().isEmpty()) {
        return passed;
      }
    }
    throw new AssertionError("it never settles");
  }

  /** What a server says to a login. */
  String login(RedisServer server, String user, String password) {
    try (RawConnection connection = new RawConnection(server.ip())) {
      return connection.ask("AUTH", user, password);
    }
  }

  /** Logged in. */
  RawConnection connect(RedisServer server, String user, String password) {
    RawConnection connection = new RawConnection(server.ip());
    String reply = connection.ask("AUTH", user, password);
    if (!reply.equals("+OK")) {
      connection.close();
      throw new IllegalStateException(reply);
    }
    return connection;
  }

  private ClusterView view() {
    Collection<Member> members = new ArrayList<>();
    for (PodState pod : pods()) {
      RedisServer server = servers.get(pod.ordinal());
      members.add(
          new Member(
              pod,
              server.equals(silent)
                  ? new ServerAnswer.Failed(Kind.TIMEOUT, "no answer in time", false)
                  : new ServerAnswer.Answered(
                      nodes.at(new Endpoint(pod.uid(), server.ip(), 6379, PASSWORD)).look())));
    }
    return new ClusterView(now, List.copyOf(members), Remembered.NONE, Set.of());
  }

  private List<PodState> pods() {
    List<PodState> pods = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      pods.add(
          new PodState(
              "p" + i,
              servers.get(i).endpoint().owner(),
              0,
              i,
              servers.get(i).ip(),
              "n",
              Instant.EPOCH,
              false,
              true,
              PodState.Container.RUNNING,
              null));
    }
    return pods;
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

  @Override
  public void close() {
    nodes.close();
    processes.close();
  }
}
