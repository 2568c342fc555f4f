package io.slotkeeper.act;

import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.PodView;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNode;
import io.slotkeeper.redis.RedisNodes;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.resources.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes running servers take changed settings, as far as they can: the server decides. Values are
 * not compared by meaning ("64mb" is 67108864 to a server): where the text differs the setting is
 * set, which is harmless where nothing changes. Each server is asked once for each change.
 */
public final class LiveSettings {
  private final RedisNodes nodes;
  private final Fanout fanout;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /** What a pod's server was last given, and what it did not take. */
  private record Kept(Map<String, String> wanted, List<String> refused) {}

  /** A setting that a running server does not take: it has it from its next start on. */
  public record Refusal(String pod, String setting) {}

  public LiveSettings(RedisNodes nodes, Fanout fanout) {
    this.nodes = nodes;
    this.fanout = fanout;
  }

  /**
   * Gives each server that answers the settings it does not have yet.
   *
   * @param settings the value of each, without quotes; those of {@link PersistenceTransition} are
   *     left alone
   * @return what servers do not take while they run
   */
  public List<Refusal> keep(Cluster cluster, ClusterView view, Map<String, String> settings) {
    // Where data is kept changes in an order that loses none.
    Map<String, String> wanted = new HashMap<>(settings);
    wanted.keySet().removeAll(PersistenceTransition.SETTINGS);
    List<PodView> pods =
        view.members().stream().filter(m -> m.seen().isPresent()).map(Member::pod).toList();
    List<List<Refusal>> refusals = fanout.map(pods, pod -> keep(cluster, pod, wanted));
    return refusals.stream().flatMap(List::stream).toList();
  }

  /** Forgets pods that are gone. */
  public void retain(Set<String> podUids) {
    kept.keySet().retainAll(podUids);
  }

  private List<Refusal> keep(Cluster cluster, PodView pod, Map<String, String> wanted) {
    Kept before = kept.get(pod.uid());
    if (before == null || !before.wanted().equals(wanted)) {
      try {
        before = new Kept(Map.copyOf(wanted), give(cluster, pod, wanted));
        kept.put(pod.uid(), before);
      } catch (RedisUnavailableException e) {
        return List.of(); // it is asked again at the next look
      }
    }
    return before.refused().stream().map(name -> new Refusal(pod.name(), name)).toList();
  }

  private List<String> give(Cluster cluster, PodView pod, Map<String, String> wanted) {
    if (pod.ip() == null) {
      return List.of();
    }
    RedisNode node = nodes.at(new Endpoint(pod.uid(), pod.ip(), Ports.CLIENT, cluster.password()));
    Map<String, String> actual = new HashMap<>(node.getConfig(wanted.keySet()));
    List<String> refused = new ArrayList<>();
    for (Map.Entry<String, String> setting : wanted.entrySet()) {
      String now = actual.get(setting.getKey());
      // What CONFIG GET does not know is no setting of a running server: loadmodule, include.
      if (now != null && !now.equalsIgnoreCase(setting.getValue())) {
        try {
          node.setConfig(Map.of(setting.getKey(), setting.getValue()));
        } catch (RedisErrorException e) {
          if (!isSame(now, setting.getValue())) {
            refused.add(setting.getKey());
          }
        }
      }
    }
    return refused;
  }

  /** A value that cannot be set while the server runs may still be the one it has. */
  private static boolean isSame(String actual, String wanted) {
    return normal(actual).equals(normal(wanted));
  }

  private static String normal(String value) {
    return value.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
  }
}
