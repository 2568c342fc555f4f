package io.slotkeeper.livesettings;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.SentinelMember;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.reasons.Listing;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;

/**
 * Keeps running servers and Sentinels at the passwords of their Secret. {@link PasswordPlan}
 * decides what each lacks. What is remembered here only saves questions: the servers know all.
 */
public final class LivePasswords {
  private static final int MOST_NAMES = 5;

  private final RedisNodes nodes;
  private final SentinelNodes sentinels;
  private final Executor executor;
  private final Fanout fanout;
  private final InstantSource clock;

  /** By the uid of the Redis. */
  private final Map<String, Known> memories = new ConcurrentHashMap<>();

  /**
   * What is known of the servers of one Redis.
   *
   * @param settled those that were as wanted, by the uid of the pod
   * @param taken the password that all of them have taken; empty for none
   */
  private record Known(Map<String, Settled> settled, Optional<AcceptedPasswords> taken) {
    static final Known NOTHING = new Known(Map.of(), Optional.empty());

    boolean hasTaken(String password) {
      return taken.filter(passwords -> passwords.current().equals(password)).isPresent();
    }
  }

  /** One that was as wanted when it was asked. */
  private record Settled(AcceptedPasswords wanted, Logins logins, Instant at) {}

  /**
   * @param waiting why not all have taken the new password yet, in words; empty if all have
   * @param moved something changed: the next step can follow at once
   */
  public record Result(List<Outcome> outcomes, Optional<String> waiting, boolean moved) {
    public static final Result NONE = new Result(List.of(), Optional.empty(), false);
  }

  public LivePasswords(
      RedisNodes nodes,
      SentinelNodes sentinels,
      Executor executor,
      Fanout fanout,
      InstantSource clock) {
    this.nodes = nodes;
    this.sentinels = sentinels;
    this.executor = executor;
    this.fanout = fanout;
    this.clock = clock;
  }

  /**
   * Takes each server and Sentinel that answers on to the wanted passwords.
   *
   * @param ref logs in with a password that all of them accept, whatever they have been told
   * @param master the name of the primary that Sentinels monitor; empty where there are none
   */
  public Result keep(RedisRef ref, ClusterView view, String master, AcceptedPasswords wanted) {
    Look look = new Look(ref, master, wanted, known(ref.uid()).settled());
    PasswordPlan plan = look.at(view);
    boolean before = isTaken(ref.uid(), wanted.current());
    memories.put(
        ref.uid(),
        new Known(
            Map.copyOf(look.settled), plan.isTaken() ? Optional.of(wanted) : Optional.empty()));
    List<List<Action>> steps = plan.steps();
    List<Outcome> outcomes = steps.isEmpty() ? List.of() : executor.execute(ref, steps);
    boolean done = outcomes.stream().anyMatch(Outcome.Done.class::isInstance);
    return new Result(
        outcomes,
        plan.isTaken() ? Optional.empty() : Optional.of(waiting(look.unseen)),
        done || before != isTaken(ref.uid(), wanted.current()));
  }

  private Known known(String redisUid) {
    return memories.getOrDefault(redisUid, Known.NOTHING);
  }

  private static String waiting(Set<String> unseen) {
    return unseen.isEmpty()
        ? "Servers are being given the new password"
        : "The new password is used once all servers accept it, and these do not answer: "
            + Listing.of(List.copyOf(unseen), MOST_NAMES);
  }

  /** When last asked, all servers and Sentinels that run accepted this password and used it. */
  public boolean isTaken(String redisUid, String password) {
    return known(redisUid).hasTaken(password);
  }

  /** Forgets what is gone. */
  public void retain(Set<String> redisUids) {
    memories.keySet().retainAll(redisUids);
  }

  /** There is no server now: the next one starts with the Secret. */
  private static boolean isAbsent(ServerAnswer answer) {
    return switch (answer) {
      case ServerAnswer.NoAddress _ -> true;
      case ServerAnswer.Failed failed ->
          failed.lost() || failed.kind() == RedisUnavailableException.Kind.REFUSED;
      case ServerAnswer.Answered _ -> false;
    };
  }

  /** One look at all servers and Sentinels of a Redis. */
  private final class Look {
    private final RedisRef ref;
    private final String master;
    private final AcceptedPasswords wanted;
    private final Map<String, Settled> before;
    private final Instant now = clock.instant();

    /** The others may be another process when they answer again. */
    private final Map<String, Settled> settled = new ConcurrentHashMap<>();

    /** The pods with a server that runs, maybe, and does not say what it accepts. */
    private final SortedSet<String> unseen = new ConcurrentSkipListSet<>();

    private Look(
        RedisRef ref, String master, AcceptedPasswords wanted, Map<String, Settled> before) {
      this.ref = ref;
      this.master = master;
      this.wanted = wanted;
      this.before = before;
    }

    private PasswordPlan at(ClusterView view) {
      List<PasswordPlan.Server> servers =
          fanout.map(view.members(), this::server).stream().flatMap(Optional::stream).toList();
      List<PasswordPlan.Sentinel> watchers =
          fanout.map(view.sentinels(), this::sentinel).stream().flatMap(Optional::stream).toList();
      return new PasswordPlan(wanted, servers, watchers, unseen.isEmpty());
    }

    private Optional<PasswordPlan.Server> server(Member member) {
      String ip = member.pod().ip();
      Optional<NodeSnapshot> seen = member.snapshot();
      if (ip == null || seen.isEmpty()) {
        if (!isAbsent(member.answer())) {
          unseen.add(member.pod().name());
        }
        return Optional.empty();
      }
      Endpoint endpoint = ref.server(member.pod().uid(), ip);
      return ask(
              member.pod().name(),
              member.pod().uid(),
              () -> nodes.at(endpoint).passwords().logins())
          .map(logins -> new PasswordPlan.Server(ServerRef.of(member, seen.get()), logins));
    }

    private Optional<PasswordPlan.Sentinel> sentinel(SentinelMember member) {
      SentinelPod pod = member.pod();
      String ip = pod.ip();
      Optional<SentinelSnapshot> seen = member.snapshot();
      if (ip == null || seen.isEmpty()) {
        if (ip != null) {
          unseen.add(pod.name());
        }
        return Optional.empty();
      }
      String monitored = seen.get().monitored().isPresent() ? master : "";
      Endpoint endpoint = ref.sentinel(pod.uid(), ip);
      return ask(pod.name(), pod.uid(), () -> sentinels.at(endpoint).passwords(monitored).logins())
          .map(logins ->
              new PasswordPlan.Sentinel(
                  new SentinelRef(pod.name(), pod.uid(), ip, seen.get().id()), monitored, logins));
    }

    /** Empty where it does not say. */
    private Optional<Logins> ask(String pod, String uid, Supplier<Logins> question) {
      Settled known = before.get(uid);
      if (known != null
          && known.wanted().equals(wanted)
          && now.isBefore(known.at().plus(KnownSettings.LOOK_AGAIN))) {
        settled.put(uid, known);
        return Optional.of(known.logins());
      }
      try {
        Logins logins = question.get();
        if (PasswordPlan.isSettled(wanted, logins)) {
          settled.put(uid, new Settled(wanted, logins, now));
        }
        return Optional.of(logins);
      } catch (RedisUnavailableException | RedisErrorException e) {
        unseen.add(pod);
        return Optional.empty();
      }
    }
  }
}
