package io.slotkeeper.livesettings;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.KnownSettings.Answer;
import io.slotkeeper.livesettings.KnownSettings.Value;
import io.slotkeeper.livesettings.ServerSettings.Given;
import io.slotkeeper.livesettings.ServerSettings.Verdict;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.ConfigValue;
import io.slotkeeper.redis.EvictionSettings;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.ServerConfig;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.resources.ServerConfigMap;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps running servers at the wanted settings. {@link ServerSettings} decides what each is to be
 * given. A value that no server of a version has answered to yet goes to one of them first, and to
 * the others once that one has taken it.
 */
public final class LiveSettings {
  /** The prefix of the reply by which a server rejects a value. */
  private static final String ERROR = "ERR ";

  private static final String NOT_STARTED =
      "it did not take the settings when it started, and has those of its last start; its log has the words."
          + " If the value has been corrected since, it takes it at its next start";

  private final RedisNodes nodes;
  private final Executor executor;
  private final Fanout fanout;
  private final InstantSource clock;
  private final Map<String, KnownSettings> memories = new ConcurrentHashMap<>();

  /** Why a server does not have a wanted setting. */
  public enum MissingReason {
    /** It takes the setting only when it starts. */
    IMMUTABLE,
    /** It rejects the value. */
    REFUSED,
    /** It has another value, and changing it would delete keys. */
    KEPT
  }

  /**
   * A wanted setting that a server does not have.
   *
   * @param detail the words of the server, or for {@link MissingReason#KEPT} the value that it has
   */
  public record Missing(
      String pod, String setting, String value, MissingReason reason, String detail) {}

  /**
   * @param accepted a server has taken a value that none had taken before: it may go into the file
   */
  public record Result(List<Outcome> outcomes, List<Missing> missing, boolean accepted) {
    public static final Result NONE = new Result(List.of(), List.of(), false);
  }

  private record Server(
      Member member, NodeSnapshot seen, RedisNode node, Map<String, String> wanted) {
    String uid() {
      return member.pod().uid();
    }

    Value value(String setting) {
      return new Value(seen.version(), setting, wanted.getOrDefault(setting, ""));
    }
  }

  private record Judged(
      Server server, ServerSettings settings, SortedMap<String, Verdict> verdicts) {
    boolean isFallback() {
      return settings.has().file().endsWith("/" + ServerConfigMap.FALLBACK);
    }

    Missing missing(Value value, MissingReason reason, String detail) {
      return new Missing(
          server.member().pod().name(), value.setting(), value.value(), reason, detail);
    }
  }

  public LiveSettings(RedisNodes nodes, Executor executor, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.executor = executor;
    this.fanout = fanout;
    this.clock = clock;
  }

  /**
   * Gives each server that answers the settings it does not have yet.
   *
   * @param wanted the value of each for a pod, without quotes
   */
  public Result keep(
      RedisRef ref, ClusterView view, Function<PodState, Map<String, String>> wanted) {
    KnownSettings memory = memories.computeIfAbsent(ref.uid(), _ -> new KnownSettings());
    synchronized (memory) {
      Instant now = clock.instant();
      List<Server> servers = servers(ref, view, wanted);
      memory.retain(view.members().stream().map(m -> m.pod().uid()).collect(Collectors.toSet()));
      view.members().stream()
          .filter(member -> member.snapshot().isEmpty())
          .forEach(member -> memory.away(member.pod().uid()));
      memory.asks(
          servers.stream().map(server -> server.seen().version()).collect(Collectors.toSet()),
          servers.stream()
              .flatMap(server -> server.wanted().keySet().stream().map(server::value))
              .collect(Collectors.toSet()));
      Set<String> before = memory.accepted();
      look(memory, servers, now);
      learn(memory, judge(memory, servers, now), now);
      List<Outcome> outcomes = new ArrayList<>();
      for (boolean first : new boolean[] {true, false}) {
        List<Action> actions = actions(memory, judge(memory, servers, now), first, now);
        List<Outcome> done =
            actions.isEmpty() ? List.of() : executor.execute(ref, List.of(actions));
        note(memory, servers, done, now);
        outcomes.addAll(done);
      }
      return new Result(
          outcomes,
          missing(memory, judge(memory, servers, now), now),
          !before.containsAll(memory.accepted()));
    }
  }

  /** Whether a value may go into the file that servers start from. */
  public boolean isAccepted(String redisUid, String setting, String value) {
    KnownSettings memory = memories.get(redisUid);
    if (memory == null) {
      return false;
    }
    synchronized (memory) {
      return memory.isAccepted(setting, value);
    }
  }

  /** Whether a server answered when they were last looked at. */
  public boolean hasServers(String redisUid) {
    KnownSettings memory = memories.get(redisUid);
    if (memory == null) {
      return false;
    }
    synchronized (memory) {
      return memory.hasServers();
    }
  }

  /** Forgets what is gone. */
  public void retain(Set<String> redisUids) {
    memories.keySet().retainAll(redisUids);
  }

  private List<Server> servers(
      RedisRef ref, ClusterView view, Function<PodState, Map<String, String>> wanted) {
    List<Server> servers = new ArrayList<>();
    for (Member member : view.members()) {
      String ip = member.pod().ip();
      Optional<NodeSnapshot> seen = member.snapshot();
      if (ip != null && seen.isPresent()) {
        servers.add(
            new Server(
                member,
                seen.get(),
                nodes.at(ref.server(member.pod().uid(), ip)),
                Map.copyOf(wanted.apply(member.pod()))));
      }
    }
    return servers;
  }

  /** Asks those whose known settings are not fresh. */
  private void look(KnownSettings memory, List<Server> servers, Instant now) {
    List<Server> due =
        servers.stream()
            .filter(server -> memory.fresh(server.uid(), server.wanted(), now).isEmpty())
            .toList();
    List<Optional<ServerConfig>> answers = fanout.map(due, LiveSettings::config);
    for (int i = 0; i < due.size(); i++) {
      Server server = due.get(i);
      answers
          .get(i)
          .ifPresentOrElse(
              has -> memory.looked(server.uid(), server.wanted(), has, now),
              () -> memory.away(server.uid()));
    }
  }

  private static Optional<ServerConfig> config(Server server) {
    Set<String> names = new TreeSet<>(server.wanted().keySet());
    names.addAll(EvictionSettings.SETTINGS);
    try {
      return Optional.of(server.node().serverConfig(names));
    } catch (RedisUnavailableException | RedisErrorException e) {
      return Optional.empty(); // it is asked again in the next pass
    }
  }

  private static List<Judged> judge(KnownSettings memory, List<Server> servers, Instant now) {
    List<Judged> judged = new ArrayList<>();
    for (Server server : servers) {
      memory
          .fresh(server.uid(), server.wanted(), now)
          .map(process ->
              new ServerSettings(
                  server.wanted(), process.has(), process.given(), server.seen().usedMemory()))
          .ifPresent(settings -> judged.add(new Judged(server, settings, settings.verdicts())));
    }
    return judged;
  }

  /** Learns what can be known without asking. */
  private static void learn(KnownSettings memory, List<Judged> judged, Instant now) {
    for (Judged one : judged) {
      one.verdicts()
          .forEach((setting, verdict) -> {
            Value value = one.server().value(setting);
            switch (verdict) {
              case Verdict.InForce _ -> {
                memory.answered(value, null, now);
                String has = one.settings().has().values().get(setting);
                memory.gave(one.server().uid(), setting, new Given(value.value(), has));
              }
              case Verdict.Keep _ ->
                  memory.gave(one.server().uid(), setting, new Given(value.value(), null));
              case Verdict.Give _ -> {}
            }
          });
    }
  }

  /**
   * @param first values that no server of the version has answered to: for one server each
   */
  private static List<Action> actions(
      KnownSettings memory, List<Judged> judged, boolean first, Instant now) {
    List<Action> actions = new ArrayList<>();
    Set<Value> tried = new HashSet<>();
    for (Judged one : judged) {
      ServerRef target = ServerRef.of(one.server().member(), one.server().seen());
      one.verdicts()
          .forEach((setting, verdict) -> {
            Value value = one.server().value(setting);
            Optional<Answer> answer = memory.answer(value, now);
            boolean due =
                answer.isEmpty() ? first && tried.add(value) : answer.get().refusal() == null;
            if (due && verdict instanceof Verdict.Give give) {
              actions.add(
                  new Action.SetConfig(target, setting, give.value(), give.has(), give.trigger()));
            }
          });
    }
    return actions;
  }

  /** Records what servers made of their new values, and how they print them. */
  private void note(
      KnownSettings memory, List<Server> servers, List<Outcome> outcomes, Instant now) {
    Map<String, Server> byPod =
        servers.stream().collect(Collectors.toMap(s -> s.member().pod().name(), s -> s));
    Map<Server, List<Action.SetConfig>> taken = new HashMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome.action() instanceof Action.SetConfig action) {
        Server server = Objects.requireNonNull(byPod.get(action.node().pod()));
        Value value = server.value(action.setting());
        if (outcome instanceof Outcome.Done) {
          memory.answered(value, null, now);
          taken.computeIfAbsent(server, _ -> new ArrayList<>()).add(action);
        } else if (outcome instanceof Outcome.Failed(_, String words) && words.startsWith(ERROR)) {
          // Another reply says nothing about the value: the server may be busy, or does not answer.
          memory.answered(value, refusal(action, words.substring(ERROR.length())), now);
        }
      }
    }
    taken.keySet().forEach(server -> memory.away(server.uid()));
    look(memory, List.copyOf(taken.keySet()), now);
    taken.forEach((server, actions) ->
        memory
            .fresh(server.uid(), server.wanted(), now)
            .map(process -> process.has().values())
            .ifPresent(has ->
                actions.forEach(action ->
                    memory.gave(
                        server.uid(),
                        action.setting(),
                        new Given(action.value(), has.get(action.setting()))))));
  }

  /** A server that cannot change a setting while it runs does not look at the value. */
  private static String refusal(Action.SetConfig action, String words) {
    String had = action.had();
    return words.contains(KnownSettings.IMMUTABLE)
            && had != null
            && !ConfigValue.isOfTheKindOf(had, action.value())
        ? "it has %s, which is another kind of value".formatted(had)
        : words;
  }

  private static List<Missing> missing(KnownSettings memory, List<Judged> judged, Instant now) {
    List<Missing> missing = new ArrayList<>();
    for (Judged one : judged) {
      one.verdicts()
          .forEach((setting, verdict) -> {
            Value value = one.server().value(setting);
            if (verdict instanceof Verdict.Keep(String has)) {
              missing.add(one.missing(value, MissingReason.KEPT, has));
            } else if (!(verdict instanceof Verdict.InForce)) {
              memory
                  .answer(value, now)
                  .filter(answer -> answer.refusal() != null)
                  .ifPresent(answer ->
                      missing.add(
                          answer.isImmutable() && one.isFallback()
                              ? one.missing(value, MissingReason.REFUSED, NOT_STARTED)
                              : one.missing(
                                  value,
                                  answer.isImmutable()
                                      ? MissingReason.IMMUTABLE
                                      : MissingReason.REFUSED,
                                  String.valueOf(answer.refusal()))));
            }
          });
    }
    return missing;
  }
}
