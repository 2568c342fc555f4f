package io.slotkeeper.observe;

import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.model.ServerConnections;
import io.slotkeeper.redis.Fanout;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.SentinelNodes;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks every Sentinel once, all at the same time, while the servers are asked. */
public final class SentinelObserver {
  private final SentinelNodes nodes;
  private final ServerConnections lines;
  private final Fanout fanout;

  public SentinelObserver(SentinelNodes nodes, ServerConnections lines, Fanout fanout) {
    this.nodes = nodes;
    this.lines = lines;
    this.fanout = fanout;
  }

  /**
   * The servers, with the Sentinels. A Sentinel names a new primary after that server has said that
   * it is one. So where one knows an election that is not recorded, the servers are asked again:
   * the new primary never seems to be a replica.
   *
   * @param servers looks at the servers
   * @param master the name of their primary
   * @param endpoints where the Sentinel of a pod is, by its uid and address
   */
  public ClusterView observe(
      Supplier<ClusterView> servers,
      Collection<SentinelPod> pods,
      String master,
      BiFunction<String, String, Endpoint> endpoints) {
    List<Part> parts =
        fanout.map(
            List.<Supplier<Part>>of(
                () -> new Part(servers.get(), List.of()),
                () -> new Part(null, sentinels(pods, master, endpoints))),
            Supplier::get);
    ClusterView first = Objects.requireNonNull(parts.getFirst().servers());
    List<SentinelMember> sentinels = parts.getLast().sentinels();
    ClusterView view = knowNewer(sentinels, first.remembered()) ? servers.get() : first;
    return view.withSentinels(sentinels);
  }

  /** What one of the two looks has shown. */
  private record Part(@Nullable ClusterView servers, List<SentinelMember> sentinels) {}

  private static boolean knowNewer(List<SentinelMember> sentinels, Remembered remembered) {
    RememberedShard.Owner owner = remembered.shard(0).owner();
    return owner != null
        && sentinels.stream()
            .flatMap(member -> member.snapshot().stream())
            .flatMap(snapshot -> snapshot.monitored().stream())
            .anyMatch(monitored -> monitored.epoch() > owner.epoch());
  }

  private List<SentinelMember> sentinels(
      Collection<SentinelPod> pods, String master, BiFunction<String, String, Endpoint> endpoints) {
    return fanout.map(pods, pod -> look(pod, master, endpoints));
  }

  private SentinelMember look(
      SentinelPod pod, String master, BiFunction<String, String, Endpoint> endpoints) {
    String ip = pod.ip();
    if (ip == null) {
      return silent(pod, "it has no address yet");
    }
    // Asking where nothing can answer would cost the whole pass its time.
    switch (lines.of(pod.uid())) {
      case LOST -> {
        return silent(pod, "it is gone");
      }
      case SILENT -> {
        return silent(pod, "it is silent");
      }
      case ASK -> {}
    }
    try {
      Endpoint endpoint = endpoints.apply(pod.uid(), ip);
      return new SentinelMember(pod, Optional.of(nodes.at(endpoint).look(master)), "");
    } catch (RedisUnavailableException e) {
      return silent(pod, e.detail());
    } catch (RedisErrorException e) {
      return silent(pod, String.valueOf(e.getMessage()));
    }
  }

  private static SentinelMember silent(SentinelPod pod, String why) {
    return new SentinelMember(pod, Optional.empty(), why);
  }
}
