package io.slotkeeper.users;

import io.slotkeeper.execute.Executor;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.ServerRef;
import io.slotkeeper.redis.AclState;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.UserCommands.Trial;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.resources.Ports;
import io.slotkeeper.resources.ServedUsers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Keeps the users of running servers at what the Secret of the servers says. Each step looks, does
 * what is missing, and is seen to be done by the next look. What is remembered here only saves
 * questions.
 */
public final class LiveUsers {
  /** Users that were changed by hand are found within this time. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** A refusal may have had a reason that passes. */
  private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

  private final RedisNodes nodes;
  private final Executor executor;
  private final Fanout fanout;
  private final InstantSource clock;

  /** By the uid of the Redis. */
  private final Map<String, Memory> memories = new ConcurrentHashMap<>();

  /** Rules, as one process took them: others describe the same in another order. */
  private record Tried(String process, List<String> rules) {}

  private record Known(Trial trial, Instant at) {}

  /** A server that had all users as they were wanted. */
  private record Settled(String runId, ServedUsers wanted, Instant at) {}

  /**
   * What is known of one Redis; used by one pass at a time.
   *
   * @param settled by the uid of the pod
   * @param gone the removed usernames that no server had
   */
  private record Memory(Map<Tried, Known> trials, Map<String, Settled> settled, Set<String> gone) {
    Memory() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
    }
  }

  /**
   * @param applied how many servers have each user as it is wanted, by username
   * @param servers how many there are
   * @param moved something changed: the next look can follow at once
   */
  public record Result(
      List<Outcome> outcomes, Map<String, Integer> applied, int servers, boolean moved) {}

  public LiveUsers(RedisNodes nodes, Executor executor, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.executor = executor;
    this.fanout = fanout;
    this.clock = clock;
  }

  /** Forgets what is gone. */
  public void retain(Set<String> redisUids) {
    memories.keySet().retainAll(redisUids);
  }

  /** The removed usernames that no server had when last asked. */
  public Set<String> gone(String redisUid) {
    return Set.copyOf(memory(redisUid).gone());
  }

  private Memory memory(String redisUid) {
    return memories.computeIfAbsent(redisUid, _ -> new Memory());
  }

  /**
   * What servers make of rules: refused where one of them refuses them. Each process is asked once,
   * as a user that is off and exists for that moment only; what it shows of that user is what it
   * has to show of another with these rules.
   */
  public Map<List<String>, Trial> tryOut(
      RedisRef ref, ClusterView view, Collection<List<String>> rules) {
    Map<Tried, Known> trials = memory(ref.uid()).trials();
    Set<List<String>> all = new LinkedHashSet<>(rules);
    List<Member> members =
        view.members().stream().filter(member -> member.snapshot().isPresent()).toList();
    Set<String> processes = members.stream().map(LiveUsers::process).collect(Collectors.toSet());
    trials
        .keySet()
        .removeIf(tried -> !all.contains(tried.rules()) || !processes.contains(tried.process()));
    var _ = fanout.map(members, member -> ask(ref, trials, member, all));
    Map<List<String>, Trial> found = new HashMap<>();
    for (List<String> one : all) {
      for (String process : processes) {
        Known known = trials.get(new Tried(process, one));
        if (known != null && !(found.get(one) instanceof Trial.Refused)) {
          found.put(one, known.trial());
        }
      }
    }
    return found;
  }

  /** Whether it answered. */
  private boolean ask(
      RedisRef ref, Map<Tried, Known> trials, Member member, Set<List<String>> rules) {
    Instant now = clock.instant();
    String process = process(member);
    List<List<String>> due =
        rules.stream()
            .filter(one -> {
              Known known = trials.get(new Tried(process, one));
              return known == null
                  || (known.trial() instanceof Trial.Refused
                      && !now.isBefore(known.at().plus(TRY_AGAIN)));
            })
            .toList();
    try {
      if (!due.isEmpty()) {
        at(ref, member)
            .tryOut(due)
            .forEach((one, trial) -> trials.put(new Tried(process, one), new Known(trial, now)));
      }
      return true;
    } catch (RedisUnavailableException | RedisErrorException e) {
      return false; // it is asked again in the next pass
    }
  }

  private static String process(Member member) {
    return member.snapshot().map(LiveUsers::process).orElse("");
  }

  private static String process(NodeSnapshot seen) {
    return seen.server().runId();
  }

  private UserCommands at(RedisRef ref, Member member) {
    String ip = Objects.requireNonNull(member.pod().ip(), "a server without an address was seen");
    return nodes.at(new Endpoint(member.pod().uid(), ip, Ports.CLIENT, ref.password())).users();
  }

  /** Takes each server that answers on to the wanted users. */
  public Result keep(RedisRef ref, ClusterView view, ServedUsers wanted) {
    Look look = new Look(ref, wanted, memory(ref.uid()));
    List<Optional<Action>> found = fanout.map(view.members(), look::at);
    look.remember(view);
    List<Action> missing = found.stream().flatMap(Optional::stream).toList();
    List<Outcome> outcomes =
        missing.isEmpty() ? List.of() : executor.execute(ref, List.of(missing));
    return new Result(
        outcomes,
        Map.copyOf(look.applied),
        view.members().size(),
        outcomes.stream().anyMatch(Outcome.Done.class::isInstance));
  }

  /** One look at all servers. */
  private final class Look {
    private final RedisRef ref;
    private final ServedUsers wanted;
    private final Memory memory;
    private final Instant now = clock.instant();
    private final Map<String, Integer> applied = new ConcurrentHashMap<>();
    private final Map<String, Settled> settled = new ConcurrentHashMap<>();

    /** The removed usernames that a server has, or may have. */
    private final Set<String> left = ConcurrentHashMap.newKeySet();

    private Look(RedisRef ref, ServedUsers wanted, Memory memory) {
      this.ref = ref;
      this.wanted = wanted;
      this.memory = memory;
    }

    /** What the server of a pod lacks; empty where it lacks nothing, or does not say. */
    private Optional<Action> at(Member member) {
      Optional<NodeSnapshot> seen = member.snapshot();
      if (seen.isEmpty()) {
        if (!isAbsent(member.answer())) {
          left.addAll(wanted.removed().keySet());
        }
        return Optional.empty();
      }
      Settled before = memory.settled().get(member.pod().uid());
      if (before != null
          && before.runId().equals(seen.get().server().runId())
          && before.wanted().equals(wanted)
          && now.isBefore(before.at().plus(LOOK_AGAIN))) {
        settled.put(member.pod().uid(), before);
        wanted.users().keySet().forEach(name -> applied.merge(name, 1, Integer::sum));
        return Optional.empty();
      }
      try {
        return at(member, seen.get());
      } catch (RedisUnavailableException | RedisErrorException e) {
        left.addAll(wanted.removed().keySet());
        return Optional.empty();
      }
    }

    private Optional<Action> at(Member member, NodeSnapshot seen) {
      UserCommands server = LiveUsers.this.at(ref, member);
      Set<String> surplus = new HashSet<>(wanted.removed().keySet());
      surplus.add(UserCommands.TRIAL); // left behind where the connection broke
      surplus.retainAll(server.names());
      left.addAll(surplus);
      Map<String, AclState> states = server.states(wanted.users().keySet());
      List<AclUser> lacking = new ArrayList<>();
      boolean all = true;
      for (AclUser user : wanted.wanted()) {
        Optional<String> rights = rights(process(seen), user.rules());
        AclState state = states.get(user.name());
        if (rights.isPresent() && state != null && state.is(user, rights.get())) {
          applied.merge(user.name(), 1, Integer::sum);
        } else {
          all = false;
          // A server that does not take the rules would refuse them each time.
          rights.ifPresent(_ -> lacking.add(user));
        }
      }
      if (all && surplus.isEmpty()) {
        settled.put(member.pod().uid(), new Settled(seen.server().runId(), wanted, now));
      }
      return lacking.isEmpty() && surplus.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Action.ChangeUsers(
                  ServerRef.of(member, seen), List.copyOf(lacking), Set.copyOf(surplus)));
    }

    private Optional<String> rights(String process, List<String> rules) {
      return Optional.ofNullable(memory.trials().get(new Tried(process, rules)))
          .map(Known::trial)
          .filter(Trial.Accepted.class::isInstance)
          .map(trial -> ((Trial.Accepted) trial).rights());
    }

    private void remember(ClusterView view) {
      Set<String> pods =
          view.members().stream().map(member -> member.pod().uid()).collect(Collectors.toSet());
      memory.settled().keySet().removeIf(uid -> !pods.contains(uid) || !settled.containsKey(uid));
      memory.settled().putAll(settled);
      memory.gone().clear();
      wanted.removed().keySet().stream()
          .filter(name -> !left.contains(name))
          .forEach(memory.gone()::add);
    }
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
}
