package io.slotkeeper.livesettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.KubernetesApi;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.livesettings.LiveSettings.MissingReason;
import io.slotkeeper.livesettings.LiveSettings.Result;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.Remembered;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.VirtualThreads;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.NoSentinels;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings of servers that run, with real servers. */
@EachServerVersion
class LiveSettingsServersTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final List<RedisServer> pods = new ArrayList<>();
  private final Set<Integer> away = new HashSet<>();
  private final RedisServers servers;
  private final LettuceNodes nodes =
      new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system());
  private Instant now = Instant.EPOCH;
  private LiveSettings settings = settings();

  LiveSettingsServersTest(String version) {
    servers = new RedisServers(version, null);
    pods.add(servers.start("save \"\"", "appendonly no"));
    pods.add(servers.start("save \"\"", "appendonly no"));
  }

  @AfterEach
  void close() {
    nodes.close();
    servers.close();
  }

  @Test
  void allServersGetWhatOneHasTaken() {
    Map<String, String> wanted =
        Map.of("maxmemory", "64mb", "client-output-buffer-limit", "replica 1mb 1mb 60", "hz", "20");

    Result first = keep(wanted);

    assertThat(first.missing()).isEmpty();
    assertThat(first.accepted()).isTrue();
    assertThat(sets(first)).hasSize(6).allMatch(set -> set.contains("FOUND"));
    assertThat(has(0, "maxmemory")).isEqualTo(has(1, "maxmemory")).isEqualTo("67108864");
    assertThat(settings.isAccepted("uid", "maxmemory", "64mb")).isTrue();
    assertThat(settings.isAccepted("uid", "maxmemory", "65mb")).isFalse();
    Result second = later(wanted);
    assertThat(second.outcomes()).isEmpty();
    assertThat(second.accepted()).isFalse();
  }

  @Test
  void whatOneRefusesIsReportedInItsWordsAndReachesNoOther() {
    assertThat(keep(Map.of("hz", "20", "maxmemory", "32mb")).missing()).isEmpty();

    Map<String, String> wrong = Map.of("hz", "21", "maxmemory", "512Mi", "no-such-setting", "1");
    Result result = keep(wrong);

    assertThat(result.missing())
        .filteredOn(m -> m.setting().equals("maxmemory"))
        .extracting(Missing::reason)
        .containsExactly(MissingReason.REFUSED, MissingReason.REFUSED);
    assertThat(result.missing())
        .filteredOn(m -> m.setting().equals("maxmemory"))
        .extracting(Missing::detail)
        .allMatch(words -> words.contains("argument must be a memory value"));
    assertThat(keep(wrong).missing())
        .filteredOn(m -> m.setting().equals("no-such-setting"))
        .hasSize(2)
        .allSatisfy(m -> assertThat(m.detail()).startsWith("Unknown option"));
    assertThat(settings.isAccepted("uid", "maxmemory", "512Mi")).isFalse();
    assertThat(settings.isAccepted("uid", "hz", "21")).isTrue();
    assertThat(has(0, "maxmemory")).isEqualTo(has(1, "maxmemory")).isEqualTo("33554432");

    assertThat(keep(Map.of("hz", "21", "maxmemory", "48mb")).missing()).isEmpty();
    assertThat(has(1, "maxmemory")).isEqualTo("50331648");
  }

  @Test
  void onlyWhatAServerCallsImmutableNeedsARestart() {
    Map<String, String> wanted = Map.of("databases", "3", "tcp-backlog", "511");

    for (int look = 0; look < 2; look++) {
      assertThat(later(wanted).missing())
          .extracting(m -> m.pod() + " " + m.setting() + " " + m.reason())
          .containsExactlyInAnyOrder("p0 databases IMMUTABLE", "p1 databases IMMUTABLE");
    }
    // It is for the file, unless it cannot be the value of such a setting.
    assertThat(settings.isAccepted("uid", "databases", "3")).isTrue();
    assertThat(later(Map.of("databases", "three")).missing())
        .allMatch(m -> m.reason() == MissingReason.REFUSED);
    assertThat(settings.isAccepted("uid", "databases", "three")).isFalse();
  }

  @Test
  void aRestartedServerGetsThemAgain() {
    Map<String, String> wanted = Map.of("hz", "33");
    keep(wanted);
    String uid = uid(pods.get(0));

    pods.get(0).restart();
    assertThat(has(0, "hz")).isEqualTo("10");
    assertThat(sets(later(wanted))).containsExactly("p0 hz=33 FOUND");
    assertThat(has(0, "hz")).isEqualTo("33");
    assertThat(uid(pods.get(0))).isEqualTo(uid);
  }

  @Test
  void aServerThatDidNotTakeItsFileIsReported() throws IOException {
    Path file = Files.writeString(pods.get(0).data().resolve("accepted.conf"), "");
    // Servers of these tests read their settings from standard input; this is what one would say.
    RedisNodes told =
        endpoint ->
            (RedisNode)
                Proxy.newProxyInstance(
                    RedisNode.class.getClassLoader(),
                    new Class<?>[] {RedisNode.class},
                    (_, method, arguments) -> {
                      Object answer;
                      try {
                        answer = method.invoke(nodes.at(endpoint), arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                      }
                      return answer instanceof ServerConfig has
                          ? new ServerConfig(has.runId(), file.toString(), has.values())
                          : answer;
                    });
    settings = settings(told);

    assertThat(keep(Map.of("databases", "99999999999")).missing())
        .hasSize(2)
        .allMatch(m ->
            m.reason() == MissingReason.REFUSED && m.detail().contains("its log has the words"));
  }

  @Test
  void oneThatIsAwayGetsThemWhenItComes() {
    Map<String, String> wanted = Map.of("hz", "44");
    pods.get(0).kill();
    away.add(0);

    assertThat(sets(keep(wanted))).containsExactly("p1 hz=44 FOUND");
    assertThat(settings.isAccepted("uid", "hz", "44")).isTrue();

    pods.get(0).restart();
    away.clear();
    assertThat(sets(keep(wanted))).containsExactly("p0 hz=44 FOUND");
  }

  @Test
  void whatAnotherHandSetIsUndone() {
    Map<String, String> wanted = Map.of("maxmemory-policy", "allkeys-lru", "maxmemory", "64mb");
    keep(wanted);
    pods.get(1).cli("config", "set", "maxmemory-policy", "noeviction");

    assertThat(sets(keep(wanted))).isEmpty(); // not asked yet
    assertThat(sets(later(wanted))).containsExactly("p1 maxmemory-policy=allkeys-lru RESTORED");
    assertThat(has(1, "maxmemory-policy")).isEqualTo("allkeys-lru");
  }

  @Test
  void butNotWhereKeysWouldBeEvicted() {
    Map<String, String> wanted = Map.of("maxmemory-policy", "allkeys-lru", "maxmemory", "8mb");
    keep(wanted);
    pods.get(0).cli("cluster", "addslotsrange", "0", "16383");
    pods.get(0).cli("config", "set", "cluster-require-full-coverage", "no", "maxmemory", "1gb");
    await().until(() -> pods.get(0).cli("cluster", "info").contains("cluster_state:ok"));
    pods.get(0)
        .cli("eval", "return redis.call('set', KEYS[1], string.rep('x', 20000000))", "1", "a");

    for (int look = 0; look < 2; look++) {
      Result result = later(wanted);
      assertThat(result.outcomes()).isEmpty();
      assertThat(result.missing())
          .containsExactly(new Missing("p0", "maxmemory", "8mb", MissingReason.KEPT, "1073741824"));
    }
    // Nor by an operator that knows nothing of before.
    settings = settings();
    assertThat(later(wanted).missing())
        .extracting(Missing::reason)
        .containsExactly(MissingReason.KEPT);
    assertThat(pods.get(0).cli("exists", "a")).isEqualTo("1");

    // Another change by the user is carried out.
    assertThat(later(Map.of("maxmemory-policy", "allkeys-lru", "maxmemory", "7mb")).missing())
        .isEmpty();
    assertThat(has(0, "maxmemory")).isEqualTo("7340032");
  }

  private Result later(Map<String, String> wanted) {
    now = now.plusSeconds(10);
    return keep(wanted);
  }

  private Result keep(Map<String, String> wanted) {
    return settings.keep(new RedisRef("ns", "x", "uid", null), view(), _ -> wanted);
  }

  private String has(int pod, String setting) {
    return nodes.at(pods.get(pod).endpoint()).getConfig(Set.of(setting)).getOrDefault(setting, "");
  }

  private static List<String> sets(Result result) {
    return result.outcomes().stream()
        .filter(Outcome.Done.class::isInstance)
        .map(outcome -> (Action.SetConfig) outcome.action())
        .map(a -> a.node().pod() + " " + a.setting() + "=" + a.value() + " " + a.trigger())
        .sorted()
        .collect(Collectors.toList());
  }

  private ClusterView view() {
    List<Member> members = new ArrayList<>();
    for (PodState pod : views()) {
      ServerAnswer sight;
      if (away.contains(pod.ordinal())) {
        sight = new ServerAnswer.Failed(RedisUnavailableException.Kind.REFUSED, "", false);
      } else {
        RedisServer server = pods.get(pod.ordinal());
        sight =
            await()
                .atMost(Duration.ofMinutes(1))
                .ignoreException(RedisUnavailableException.class)
                .until(
                    () -> new ServerAnswer.Answered(nodes.at(server.endpoint()).look()),
                    seen -> seen != null);
      }
      members.add(new Member(pod, sight));
    }
    return new ClusterView(now, members, Remembered.NONE, Set.of());
  }

  private List<PodState> views() {
    List<PodState> views = new ArrayList<>();
    for (int i = 0; i < pods.size(); i++) {
      views.add(
          new PodState(
              "p" + i,
              uid(pods.get(i)),
              0,
              i,
              pods.get(i).ip(),
              "n",
              Instant.EPOCH,
              false,
              true,
              PodState.Container.RUNNING,
              null));
    }
    return views;
  }

  /** A pod keeps it while its server restarts. */
  private static String uid(RedisServer server) {
    return server.data().getFileName().toString();
  }

  private LiveSettings settings() {
    return settings(endpoint -> nodes.at(endpoint));
  }

  private LiveSettings settings(RedisNodes to) {
    VirtualThreads fanout = new VirtualThreads();
    KubernetesApi kubernetes =
        (KubernetesApi)
            Proxy.newProxyInstance(
                KubernetesApi.class.getClassLoader(),
                new Class<?>[] {KubernetesApi.class},
                (_, method, _) -> {
                  if (method.getName().equals("pods")) {
                    return views();
                  }
                  throw new UnsupportedOperationException(method.getName());
                });
    Executor executor =
        new Executor(to, NoSentinels.NODES, kubernetes, fanout, () -> now, () -> now);
    return new LiveSettings(to, executor, fanout, () -> now);
  }
}
