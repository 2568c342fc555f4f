package io.slotkeeper.livesettings;

import io.slotkeeper.kubernetes.RedisRef;
import io.slotkeeper.livesettings.PersistenceStep.Begun;
import io.slotkeeper.livesettings.PersistenceStep.Wanted;
import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.Persistence;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.resources.ResolvedSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Takes running servers from their present persistence to the wanted one, one server of each shard
 * at a time, replicas first: a snapshot and a rewrite of the AOF cost memory, disk and time. {@link
 * PersistenceStep} has the order of the steps.
 */
public final class PersistenceTransition {

  /** The settings that decide where data is kept; only this class may set them on a server. */
  public static final Set<String> SETTINGS = ResolvedSpec.PERSISTENCE;

  private final RedisNodes nodes;
  private final Fanout fanout;
  private final InstantSource clock;
  private final Map<String, Begun> begun = new ConcurrentHashMap<>();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(Set<String> podUids, List<Pending> pending) {}

  /**
   * A server that is not as wanted yet.
   *
   * @param blocked it cannot continue; it is tried again
   */
  public record Pending(String pod, String what, boolean blocked) {}

  private record Server(Member member, RedisNode node, NodeSnapshot seen) {
    PodState pod() {
      return member.pod();
    }
  }

  private record Due(Server server, Persistence now, PersistenceStep step) {}

  public PersistenceTransition(RedisNodes nodes, Fanout fanout, InstantSource clock) {
    this.nodes = nodes;
    this.fanout = fanout;
    this.clock = clock;
  }

  /** What the last {@link #advance} returned. */
  public List<Pending> pending(RedisRef ref) {
    Seen last = seen.get(ref.uid());
    return last == null ? List.of() : last.pending();
  }

  /**
   * Takes the next step on one server of each shard.
   *
   * @param settings the value of each, without quotes
   */
  public List<Pending> advance(RedisRef ref, ClusterView view, Map<String, String> settings) {
    List<Pending> pending = step(ref, view, settings);
    Set<String> pods =
        view.members().stream().map(member -> member.pod().uid()).collect(Collectors.toSet());
    seen.put(ref.uid(), new Seen(pods, pending));
    return pending;
  }

  private List<Pending> step(RedisRef ref, ClusterView view, Map<String, String> settings) {
    String aof = settings.getOrDefault("appendonly", "no").toLowerCase(Locale.ROOT);
    if (!aof.equals("yes") && !aof.equals("no")) {
      return List.of(new Pending("all pods", "appendonly must be yes or no", true));
    }
    Wanted wanted = new Wanted(aof.equals("yes"), normal(settings.getOrDefault("save", "")));
    List<Server> servers =
        view.members().stream().flatMap(member -> server(ref, member).stream()).toList();
    List<Due> due =
        fanout.map(servers, server -> due(server, wanted)).stream()
            .flatMap(Optional::stream)
            .toList();
    Collection<Due> first =
        due.stream()
            .sorted(
                Comparator.comparing((Due d) -> d.server().seen().replication().master())
                    .thenComparing(d -> d.server().pod().name()))
            .collect(
                Collectors.toMap(
                    d -> d.server().pod().shard(), d -> d, (one, _) -> one, TreeMap::new))
            .values();
    List<Pending> pending = new ArrayList<>(fanout.map(first, this::take));
    due.stream()
        .filter(d -> !first.contains(d))
        .forEach(d -> pending.add(new Pending(d.server().pod().name(), "its turn comes", false)));
    return pending;
  }

  /** Forgets pods that are gone. */
  public void retain(Set<String> podUids) {
    begun.keySet().retainAll(podUids);
    seen.values().removeIf(last -> last.podUids().stream().noneMatch(podUids::contains));
  }

  private Optional<Server> server(RedisRef ref, Member member) {
    PodState pod = member.pod();
    String ip = pod.ip();
    return ip == null
        ? Optional.empty()
        : member
            .snapshot()
            .map(seen -> new Server(member, nodes.at(ref.server(pod.uid(), ip)), seen));
  }

  private Optional<Due> due(Server server, Wanted wanted) {
    String uid = server.pod().uid();
    try {
      Persistence now = server.node().persistence();
      PersistenceStep step = PersistenceStep.next(now, wanted, begun.get(uid), clock.instant());
      if (step instanceof PersistenceStep.Done) {
        begun.remove(uid);
        return Optional.empty();
      }
      return Optional.of(new Due(server, now, step));
    } catch (RedisUnavailableException | RedisErrorException e) {
      return Optional.empty(); // it is asked again in the next pass
    }
  }

  private Pending take(Due due) {
    String pod = due.server().pod().name();
    try {
      return switch (due.step()) {
        case PersistenceStep.Done _ -> throw new IllegalStateException("nothing to do");
        case PersistenceStep.Await(String what) -> new Pending(pod, what, false);
        case PersistenceStep.Blocked(String why) -> new Pending(pod, why, true);
        case PersistenceStep.Snapshot _ -> {
          begin(due).snapshot();
          yield new Pending(pod, "a snapshot is being written before AOF goes off", false);
        }
        case PersistenceStep.Change(String setting, String value) -> {
          begin(due).setConfig(Map.of(setting, value));
          yield new Pending(pod, "%s becomes '%s'".formatted(setting, value), false);
        }
      };
    } catch (RedisUnavailableException e) {
      return new Pending(pod, "the server does not answer", false);
    } catch (RedisErrorException e) {
      return new Pending(pod, "the server says: " + e.getMessage(), true);
    }
  }

  /** The server, proven once more to be the one that was looked at. */
  private RedisNode begin(Due due) {
    Server server = due.server();
    if (!server.node().myId().equals(server.seen().id())) {
      throw new RedisErrorException("another server answers at the address of this pod");
    }
    begun.put(server.pod().uid(), new Begun(due.now(), clock.instant()));
    return server.node();
  }

  private static String normal(String save) {
    return save.strip().replaceAll("\\s+", " ");
  }
}
